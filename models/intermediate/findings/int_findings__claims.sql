-- What a report claims of jobs for each unit of GMV, next to its own mean and its
-- increase since the report before it on the same platform.
with reports as (

    select * from {{ ref('dim_reports') }}

),

links as (

    select
        figures.report_id,
        figures.figure_id,
        figures.link_name as name,
        figures.value,
        units.scale
    from {{ ref('stg_report__figure_ledger') }} as figures
    inner join {{ ref('dim_units') }} as units
        on figures.unit = units.unit
    where figures.link_relation = 'claims'

),

steps as (

    select * from {{ ref('int_verification__report_steps') }}

),

trailing_gmv as (

    select * from {{ ref('int_gmv__trailing_four_quarters') }}

),

amounts as (

    select
        reports.report_id,
        reports.platform_id,
        reports.window_end,
        steps.step_id,
        cast(steps.value as double) * step_units.scale as jobs,
        100000000.0 * trailing_gmv.gmv_yi_yuan as gmv_yuan,
        steps.weakest_provenance
    from reports
    inner join steps
        on reports.report_id = steps.report_id
    inner join {{ ref('dim_units') }} as step_units
        on steps.unit = step_units.unit
    inner join trailing_gmv
        on
            reports.platform_id = trailing_gmv.platform_id
            and reports.window_end = trailing_gmv.window_end
    where steps.component_id is not null

),

increases as (

    select
        *,
        jobs - lag(jobs) over earlier as more_jobs,
        gmv_yuan - lag(gmv_yuan) over earlier as more_gmv_yuan,
        extract(year from lag(window_end) over earlier) as earlier_year,
        lag(weakest_provenance) over earlier as earlier_provenance
    from amounts
    window earlier as (partition by platform_id, step_id order by window_end)

),

claims as (

    select
        increases.*,
        cast(links.value as double) as claimed,
        links.scale,
        links.figure_id
    from links
    inner join increases
        on
            links.report_id = increases.report_id
            and links.name = increases.step_id

),

final as (

    select
        report_id,
        'claimed_per_gmv' as rule,
        'mean' as subject,
        100 * (jobs / gmv_yuan / scale / claimed - 1) as value,
        {{ rounded_number('claimed', 0) }} as number_1,
        {{ rounded_number('jobs / gmv_yuan / scale', 0) }} as number_2,
        null as number_3,
        weakest_provenance,
        figure_id as about
    from claims

    union all

    select
        report_id,
        'claimed_per_gmv' as rule,
        'increase' as subject,
        100 * (more_jobs / more_gmv_yuan / scale / claimed - 1) as value,
        {{ rounded_number('claimed', 0) }} as number_1,
        {{ rounded_number('more_jobs / more_gmv_yuan / scale', 0) }} as number_2,
        cast(earlier_year as varchar) as number_3,
        earlier_provenance as weakest_provenance,
        figure_id as about
    from claims
    where more_jobs is not null

)

select * from final

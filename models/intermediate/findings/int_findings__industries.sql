-- The jobs of a report next to the industries that its types of employment are in, by
-- the latest table that there was: GMV is not the output of a trader; and an ecosystem
-- is next to all who work in its industries in the country.
with steps as (

    select * from {{ ref('int_verification__report_steps') }}

),

-- persons for 1 亿元 of output, the same under all conventions
industries as (

    select
        sectors.sector_code,
        multipliers.table_year,
        max(multipliers.direct) as persons_per_output,
        max(sectors.employed_persons_wan) as employed_wan
    from {{ ref('est_multipliers') }} as multipliers
    inner join {{ ref('dim_sectors') }} as sectors
        on
            multipliers.table_id = sectors.table_id
            and multipliers.sector_code = sectors.sector_code
    where
        multipliers.record = 'multiplier'
        and multipliers.quantity = 'jobs'
        and multipliers.demand = 'sector'
        and multipliers.money_unit = 'yi_yuan'
    group by sectors.sector_code, multipliers.table_year

),

placed as (

    select distinct
        reports.report_id,
        types.component_id,
        industries.*,
        max(industries.table_year) over (partition by reports.report_id) as latest_year
    from {{ ref('dim_reports') }} as reports
    inner join {{ ref('dim_employment_types') }} as types
        on reports.report_id = types.report_id
    inner join industries
        on
            types.sector_code = industries.sector_code
            and extract(year from reports.window_end) >= industries.table_year

),

traders as (

    select
        placed.report_id,
        jobs.step_id,
        gmv.step_id as gmv_name,
        placed.latest_year,
        cast(gmv.value as double) / cast(jobs.value as double) as gmv_per_job,
        1 / placed.persons_per_output as output_per_person,
        jobs.weakest_provenance
    from placed
    inner join steps as jobs
        on
            placed.report_id = jobs.report_id
            and placed.component_id = jobs.component_id
    inner join steps as gmv
        on
            jobs.report_id = gmv.report_id
            and gmv.role = 'gmv'
            and {{ is_listed('gmv.step_id', 'jobs.operands') }}
    where placed.table_year = placed.latest_year

),

-- what adds components up, and is added up itself: the total has all industries
ecosystems as (

    select distinct
        parents.report_id,
        parents.step_id,
        parents.weakest_provenance,
        placed.latest_year,
        placed.sector_code,
        cast(parents.value as double) as jobs_wan,
        cast(placed.employed_wan as double) as employed_wan
    from placed
    inner join steps as parents
        on
            placed.report_id = parents.report_id
            and parents.component_id is not null
            and {{ is_listed('placed.component_id', 'parents.operands') }}
    inner join steps as wholes
        on
            parents.report_id = wholes.report_id
            and wholes.component_id is not null
            and {{ is_listed('parents.component_id', 'wholes.operands') }}
    where placed.table_year = placed.latest_year

),

shares as (

    select
        report_id,
        step_id,
        weakest_provenance,
        latest_year,
        jobs_wan,
        sum(employed_wan) as employed_wan,
        row_number() over (
            partition by report_id order by jobs_wan / sum(employed_wan) desc
        ) as share_rank
    from ecosystems
    group by report_id, step_id, weakest_provenance, latest_year, jobs_wan

),

final as (

    select
        report_id,
        'gmv_is_not_output' as rule,
        '-' as subject,
        100 * (gmv_per_job / output_per_person - 1) as value,
        {{ rounded_number('gmv_per_job', 1) }} as number_1,
        {{ rounded_number('output_per_person', 1) }} as number_2,
        cast(latest_year as varchar) as number_3,
        weakest_provenance,
        step_id as about
    from traders

    union all

    -- told once a report, of its largest one
    select
        report_id,
        'beside_its_industries' as rule,
        '-' as subject,
        100 * jobs_wan / employed_wan as value,
        {{ rounded_number('jobs_wan', 1) }} as number_1,
        {{ rounded_number('employed_wan', 0) }} as number_2,
        cast(latest_year as varchar) as number_3,
        weakest_provenance,
        step_id as about
    from shares
    where share_rank = 1

)

select * from final

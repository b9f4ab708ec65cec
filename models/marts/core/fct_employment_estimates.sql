with jobs as (

    select * from {{ ref('int_employment__component_jobs') }}

),

components as (

    select * from {{ ref('dim_employment_components') }}

),

coverage as (

    select * from {{ ref('aud_estimate_coverage') }}

),

provenance as (

    select * from {{ ref('int_employment__component_provenance') }}

),

provenance_kinds as (

    select * from {{ ref('dim_provenance_kinds') }}

),

intervals as (

    select * from {{ ref('fct_employment_intervals') }}

),

held_components as (

    select * from {{ ref('int_employment__held_components') }}

),

final as (

    select
        jobs.platform_id,
        jobs.window_end,
        jobs.scenario_id,
        jobs.component_id,
        components.is_leaf,
        jobs.jobs_wan,
        intervals.conf_low,
        intervals.conf_high,
        case
            when intervals.interval_method is not null then intervals.interval_method
            when held_components.component_id is not null then 'held_by_scenario'
            else 'not_disclosed'
        end as interval_method,
        provenance.input_provenance,
        provenance_kinds.provenance as weakest_provenance
    from jobs
    inner join coverage
        on
            jobs.platform_id = coverage.platform_id
            and jobs.window_end = coverage.window_end
            and jobs.scenario_id = coverage.scenario_id
            and coverage.is_estimated
    inner join components
        on jobs.component_id = components.component_id
    inner join provenance
        on
            jobs.platform_id = provenance.platform_id
            and jobs.window_end = provenance.window_end
            and jobs.scenario_id = provenance.scenario_id
            and jobs.component_id = provenance.component_id
    inner join provenance_kinds
        on provenance.weakest_provenance_rank = provenance_kinds.provenance_rank
    left join intervals
        on
            jobs.platform_id = intervals.platform_id
            and jobs.window_end = intervals.window_end
            and jobs.scenario_id = intervals.scenario_id
            and jobs.component_id = intervals.component_id
            -- the interval of all uncertain inputs together
            and intervals.interval_method = 'monte_carlo'
    left join held_components
        on
            jobs.platform_id = held_components.platform_id
            and jobs.scenario_id = held_components.scenario_id
            and jobs.component_id = held_components.component_id

)

select * from final

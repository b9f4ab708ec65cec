-- noqa: disable=LT02
-- All ratios of a scenario in a window on one row, so that no tool has to join.
with totals as (

    select * from {{ ref('fct_job_totals') }}

),

jobs as (

    select * from {{ ref('fct_jobs') }}

),

components as (

    select * from {{ ref('dim_components') }}

),

gmv as (

    select * from {{ ref('fct_gmv_windows') }}

),

limits as (

    select * from {{ ref('int_estimates__widest_limits') }}

),

estimates as (

    select * from {{ ref('dim_estimates') }}

),

layers as (

    select
        jobs.estimate_key,
        {%- for layer in ['direct', 'indirect'] %}
            sum(
                case
                    when components.layer = '{{ layer }}'
                        then jobs.jobs_wan_of_scenario
                end
            ) as {{ layer }}_jobs_wan{{ ',' if not loop.last }}
        {%- endfor %}
    from jobs
    inner join components
        on jobs.component_key = components.component_key
    group by jobs.estimate_key

),

final as (

    select
        totals.platform_id,
        totals.window_end,
        totals.scenario_id,
        totals.scenario_key,
        totals.window_key,
        totals.estimate_key,
        totals.unit_counted,
        gmv.gmv_yi_yuan,
        totals.jobs_wan_of_scenario,
        limits.low_wan,
        limits.low_layer,
        limits.high_wan,
        limits.high_layer,
        case
            when limits.has_bound then limits.comparator
            else coalesce(limits.comparator, 'equal')
        end as comparator,
        cast(layers.direct_jobs_wan as decimal(18, 4)) as direct_jobs_wan,
        cast(layers.indirect_jobs_wan as decimal(18, 4)) as indirect_jobs_wan,
        {%- for ratio, above, below in [
            ('jobs_wan_per_yi_yuan', 'totals.jobs_wan_of_scenario', 'gmv.gmv_yi_yuan'),
            ('total_over_direct', 'totals.jobs_wan_of_scenario', 'layers.direct_jobs_wan'),
            ('direct_jobs_share', 'layers.direct_jobs_wan', 'totals.jobs_wan_of_scenario'),
            ('indirect_jobs_share', 'layers.indirect_jobs_wan', 'totals.jobs_wan_of_scenario'),
        ] %}
            cast(
                cast({{ above }} as double) / cast(nullif({{ below }}, 0) as double)
                as decimal(18, 9)
            ) as {{ ratio }},
        {%- endfor %}
        estimates.is_default,
        estimates.is_extrapolated,
        totals.weakest_provenance
    from totals
    inner join components
        on
            totals.component_key = components.component_key
            and components.parent_component_id is null
    inner join estimates
        on totals.estimate_key = estimates.estimate_key
    inner join layers
        on totals.estimate_key = layers.estimate_key
    left join gmv
        on
            totals.platform_id = gmv.platform_id
            and totals.window_end = gmv.window_end
    left join limits
        on totals.estimate_key = limits.estimate_key

)

select * from final

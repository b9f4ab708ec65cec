-- noqa: disable=LT02
-- All ratios of a scenario in a window on one row, so that no tool has to join.
with totals as (

    select * from {{ ref('fct_job_totals') }}

),

jobs as (

    select * from {{ ref('fct_all_jobs') }}

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

carried as (

    select
        {{ estimate_key('periods') }} as estimate_key,
        string_agg(
            periods.input_name || ' ' || cast(periods.period_end as varchar),
            ', ' order by periods.input_name
        ) as carried_inputs
    from {{ ref('int_chain__input_periods') }} as periods
    where periods.is_carried_forward
    group by {{ estimate_key('periods') }}

),

backtests as (

    select * from {{ ref('fct_backtests') }}
    where backtest_outcome = 'predicted'

),

reports as (

    select * from {{ ref('dim_reports') }}

),

-- after the report of a method: the error against the newest report up to the window,
-- or against the first one after it
nearest_backtests as (

    select
        estimates.estimate_key,
        backtests.later_report_id,
        backtests.error_share,
        backtests.window_end <= estimates.window_end as is_shown_by_then,
        row_number() over (
            partition by estimates.estimate_key
            order by
                backtests.window_end <= estimates.window_end desc,
                abs({{ dbt.datediff(
                    'backtests.window_end', 'estimates.window_end', 'day'
                ) }}) asc,
                backtests.later_report_id asc
        ) as backtest_number
    from estimates
    inner join reports
        on
            estimates.platform_id = reports.platform_id
            and estimates.scenario_id = reports.scenario_id
            and estimates.window_end > reports.window_end
    inner join backtests
        on reports.report_id = backtests.earlier_report_id
    inner join components
        on
            backtests.component_id = components.component_id
            and estimates.method_id = components.method_id
            and components.parent_component_id is null
    where estimates.is_extrapolated

),

layers as (

    select
        jobs.estimate_key,
        sum(
            case when components.layer = 'direct' then jobs.jobs_wan_of_scenario end
        ) as direct_jobs_wan,
        sum(
            case when components.layer = 'indirect' then jobs.jobs_wan_of_scenario end
        ) as indirect_jobs_wan
    from jobs
    inner join components
        on jobs.component_key = components.component_key
    group by jobs.estimate_key

),

gathered as (

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
        nearest_backtests.later_report_id as backtest_report_id,
        nearest_backtests.error_share as backtest_error_share,
        -- the total less the error that the method has shown by then
        case
            when nearest_backtests.is_shown_by_then
                then
                    cast(
                        totals.jobs_wan_of_scenario
                        / (1 + cast(nearest_backtests.error_share as double))
                        as decimal(18, 4)
                    )
        end as corrected_wan,
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
        carried.carried_inputs,
        totals.carried_since,
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
    left join carried
        on totals.estimate_key = carried.estimate_key
    left join nearest_backtests
        on
            totals.estimate_key = nearest_backtests.estimate_key
            and nearest_backtests.backtest_number = 1

),

-- an end that only rounding is known of is the total itself; an open end stays open
ends as (

    select
        *,
        corrected_wan
        < case when low_layer is null then jobs_wan_of_scenario else low_wan end
            as is_low_by_backtest,
        corrected_wan
        > case when high_layer is null then jobs_wan_of_scenario else high_wan end
            as is_high_by_backtest
    from gathered

),

final as (

    select
        platform_id,
        window_end,
        scenario_id,
        scenario_key,
        window_key,
        estimate_key,
        unit_counted,
        gmv_yi_yuan,
        jobs_wan_of_scenario,
        {%- for end in ['low', 'high'] %}
            case when is_{{ end }}_by_backtest then corrected_wan else {{ end }}_wan end
                as {{ end }}_wan,
            case when is_{{ end }}_by_backtest then 'backtest' else {{ end }}_layer end
                as {{ end }}_layer,
        {%- endfor %}
        comparator,
        direct_jobs_wan,
        indirect_jobs_wan,
        jobs_wan_per_yi_yuan,
        total_over_direct,
        direct_jobs_share,
        indirect_jobs_share,
        is_default,
        is_extrapolated,
        carried_inputs,
        carried_since,
        backtest_report_id,
        backtest_error_share,
        weakest_provenance
    from ends

)

select * from final

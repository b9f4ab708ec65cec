-- The method of an earlier report with the inputs of a later window, next to what a later report
-- of the same platform prints. A scenario that takes each report's own numbers predicts nothing.
with reports as (

    select * from {{ ref('dim_reports') }}

),

components as (

    select * from {{ ref('dim_components') }}

),

jobs as (

    {{ all_component_jobs() }}

),

limits as (

    select * from {{ ref('fct_uncertainty') }}

),

pairs as (

    select
        earlier.platform_id,
        earlier.report_id as earlier_report_id,
        later.report_id as later_report_id,
        later.window_end,
        earlier.scenario_id as earlier_scenario_id,
        later.scenario_id as later_scenario_id,
        earlier.window_end as earlier_window_end
    from reports as earlier
    inner join reports as later
        on
            earlier.platform_id = later.platform_id
            and earlier.window_end < later.window_end

),

-- every total, and each part that both methods have
parts as (

    select
        pairs.*,
        components.component_id,
        components.unit_counted,
        components.sort_order,
        components.parent_component_id is null as is_total,
        printed.component_key,
        printed.jobs_wan as printed_wan
    from pairs
    inner join jobs as printed
        on
            pairs.platform_id = printed.platform_id
            and pairs.window_end = printed.window_end
            and pairs.later_scenario_id = printed.scenario_id
    inner join components
        on printed.component_key = components.component_key

),

named_jobs as (

    select
        jobs.*,
        components.component_id
    from jobs
    inner join components
        on jobs.component_key = components.component_key

),

predictions as (

    select
        parts.*,
        predicted.component_key as predicted_component_key,
        predicted.jobs_wan as predicted_wan,
        predicted.weakest_provenance
    from parts
    left join named_jobs as predicted
        on
            parts.platform_id = predicted.platform_id
            and parts.window_end = predicted.window_end
            and parts.earlier_scenario_id = predicted.scenario_id
            and parts.component_id = predicted.component_id
            and parts.earlier_scenario_id != parts.later_scenario_id

),

ranges as (

    select
        platform_id,
        window_end,
        scenario_id,
        component_key,
        min(low_wan) as low_wan,
        max(high_wan) as high_wan,
        bool_or(low_wan is null) as is_open_below,
        bool_or(high_wan is null) as is_open_above
    from limits
    -- other definitions count something else
    where layer != 'coverage'
    group by platform_id, window_end, scenario_id, component_key

),

ranged as (

    select
        predictions.*,
        case when not ranges.is_open_below then ranges.low_wan end as low_wan,
        case when not ranges.is_open_above then ranges.high_wan end as high_wan
    from predictions
    left join ranges
        on
            predictions.platform_id = ranges.platform_id
            and predictions.window_end = ranges.window_end
            and predictions.earlier_scenario_id = ranges.scenario_id
            and predictions.predicted_component_key = ranges.component_key
    -- a part without a prediction would repeat its total
    where predictions.predicted_wan is not null or predictions.is_total

),

final as (

    select
        platform_id,
        earlier_report_id,
        later_report_id,
        platform_id || '/' || cast(window_end as varchar) || '/' || earlier_scenario_id
            as predicted_estimate_key,
        window_end,
        {{ window_key() }} as window_key,
        component_id,
        sort_order,
        unit_counted,
        predicted_wan,
        low_wan as predicted_low_wan,
        high_wan as predicted_high_wan,
        printed_wan,
        cast(predicted_wan - printed_wan as decimal(18, 4)) as error_wan,
        cast(predicted_wan / printed_wan - 1 as decimal(18, 6)) as error_share,
        case
            when predicted_wan is not null
                then
                    printed_wan >= coalesce(low_wan, printed_wan)
                    and printed_wan <= coalesce(high_wan, printed_wan)
        end as is_within_range,
        case
            when predicted_wan is not null then 'predicted'
            when earlier_scenario_id = later_scenario_id then 'printed_each_time'
            else 'inputs_not_published'
        end as backtest_outcome,
        weakest_provenance
    from ranged

)

select * from final

-- The two ends that stand next to a total: the lowest low and the highest high of all
-- layers with the unit and coverage of the estimate, each with its layer. Two facts, not
-- an interval. Rounding alone never is there, unless the report says "about".
with limits as (

    select * from {{ ref('fct_uncertainty') }}
    where
        layer != 'coverage'
        and invalid_draws = 0

),

totals as (

    select * from {{ ref('dim_components') }}
    where parent_component_id is null

),

approximate_reports as (

    select distinct reports.estimate_key
    from {{ ref('dim_reports') }} as reports
    inner join {{ ref('stg_report__figure_ledger') }} as figures
        on reports.report_id = figures.report_id
    where
        figures.comparator = 'about'
        and figures.role in ('input', 'result')

),

ranked as (

    select
        limits.estimate_key,
        limits.layer,
        limits.low_wan,
        limits.high_wan,
        row_number() over (
            partition by limits.estimate_key
            order by limits.low_wan asc nulls first, limits.layer asc
        ) as low_number,
        row_number() over (
            partition by limits.estimate_key
            order by limits.high_wan desc nulls first, limits.layer asc
        ) as high_number
    from limits
    inner join totals
        on limits.component_key = totals.component_key

),

ends as (

    select
        estimate_key,
        max(case when low_number = 1 then low_wan end) as low_wan,
        max(case when low_number = 1 then layer end) as low_layer,
        max(case when high_number = 1 then high_wan end) as high_wan,
        max(case when high_number = 1 then layer end) as high_layer,
        max(case when layer = 'undisclosed' and low_wan is null then 1 else 0 end) = 1
            as is_low_open,
        max(case when layer = 'undisclosed' and high_wan is null then 1 else 0 end) = 1
            as is_high_open,
        max(case when layer != 'rounding' then 1 else 0 end) = 1 as has_other_layers
    from ranked
    group by estimate_key

),

final as (

    select
        ends.estimate_key,
        ends.low_wan,
        ends.low_layer,
        ends.high_wan,
        ends.high_layer,
        case
            when ends.is_low_open and ends.is_high_open then null
            when ends.is_high_open then 'at_least'
            when ends.is_low_open then 'up_to'
            when approximate_reports.estimate_key is not null then 'about'
            else 'equal'
        end as comparator,
        ends.is_low_open or ends.is_high_open as has_bound
    from ends
    left join approximate_reports
        on ends.estimate_key = approximate_reports.estimate_key
    where
        ends.has_other_layers
        or approximate_reports.estimate_key is not null

)

select * from final

with estimated as (

    select * from {{ ref('est_combinations') }}
    where record = 'effect'

),

varied as (

    {{ varied_estimates() }}

),

components as (

    select * from {{ ref('dim_components') }}

),

choices as (

    select * from {{ ref('dim_choices') }}

),

decisions as (

    select
        method_id,
        decision_id,
        max(decision_zh) as decision_zh,
        max(decision_en) as decision_en
    from choices
    group by method_id, decision_id

),

final as (

    select
        estimated.platform_id,
        cast(estimated.window_end as date) as window_end,
        {{ window_key('estimated') }} as window_key,
        varied.estimate_key,
        estimated.method_id,
        components.component_key,
        estimated.choice_set,
        estimated.decision_id,
        estimated.option_id,
        choices.choice_key,
        coalesce(choices.name_zh, decisions.decision_zh, '全部决定') as name_zh,
        coalesce(choices.name_en, decisions.decision_en, 'All decisions') as name_en,
        estimated.is_extrapolated,
        estimated.combinations,
        components.unit_counted,
        cast(estimated.low_wan as decimal(18, 4)) as low_wan,
        cast(estimated.median_wan as decimal(18, 4)) as median_wan,
        cast(estimated.high_wan as decimal(18, 4)) as high_wan,
        cast(estimated.shapley_share as decimal(12, 9)) as shapley_share,
        cast(estimated.first_order_share as decimal(12, 9)) as first_order_share
    from estimated
    inner join components
        on
            estimated.method_id = components.method_id
            and estimated.component_id = components.component_id
    left join varied
        on
            estimated.platform_id = varied.platform_id
            and cast(estimated.window_end as date) = varied.window_end
            and estimated.method_id = varied.method_id
    left join decisions
        on
            estimated.method_id = decisions.method_id
            and estimated.decision_id = decisions.decision_id
    left join choices
        on
            estimated.method_id = choices.method_id
            and estimated.decision_id = choices.decision_id
            and estimated.option_id = choices.option_id

)

select * from final

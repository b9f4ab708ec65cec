with estimated as (

    select * from {{ ref('est_combinations') }}
    where record = 'combination'

),

varied as (

    {{ varied_estimates() }}

),

components as (

    select * from {{ ref('dim_components') }}

),

final as (

    select
        estimated.platform_id,
        cast(estimated.window_end as date) as window_end,
        {{ window_key('estimated') }} as window_key,
        varied.estimate_key,
        estimated.method_id,
        estimated.combination_id,
        components.component_key,
        components.component_id,
        components.is_leaf,
        components.unit_counted,
        cast(estimated.jobs_wan as decimal(18, 4)) as jobs_wan_of_combination,
        estimated.choices,
        estimated.is_report,
        estimated.is_extrapolated,
        estimated.is_defensible,
        estimated.is_duplicate,
        estimated.has_synthetic_input,
        estimated.weakest_provenance
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

)

select * from final

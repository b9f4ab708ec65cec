-- How far each component can be off, in layers that are not pooled: a row where
-- something moves it. The layer of choices is of reports alone, and of combinations
-- that can be defended and depend on nothing synthetic.
with steps as (

    select * from {{ ref('fct_steps') }}

),

components as (

    select * from {{ ref('dim_components') }}

),

decisions as (

    select
        method_id,
        {{ dbt.listagg('decision_id', "', '", 'order by decision_id') }} as decision_ids
    from (
        select
            method_id,
            decision_id
        from {{ ref('dim_choices') }}
        where is_defensible
        group by method_id, decision_id
    ) as defensible
    group by method_id

),

-- what the limits of the sample of a scenario claim: only a declared design has a
-- probability
samples as (

    select
        scenarios.platform_id,
        scenarios.scenario_id,
        max(fits.interval_kind) as interval_kind
    from {{ ref('dim_scenarios') }} as scenarios
    inner join {{ ref('est_merchant_fits') }} as fits
        on
            scenarios.platform_id = fits.platform_id
            and scenarios.sample_id = fits.sample_id
            and fits.industry_code = '-'
    group by scenarios.platform_id, scenarios.scenario_id

),

layers as (

    select
        limits.platform_id,
        cast(limits.window_end as date) as window_end,
        limits.scenario_id,
        limits.component_id,
        limits.layer,
        limits.interval_method,
        -- a definition by itself, next to all of them together
        coalesce(limits.input_name, '-') as definition_id,
        limits.low,
        limits.central,
        limits.high,
        case
            when limits.interval_method = 'corners' then 'range'
            when limits.layer = 'assumptions' then 'quantiles_of_assumptions'
            when samples.interval_kind = 'range' then 'range'
            when samples.interval_kind in ('confidence', 'calibrated')
                then 'confidence_limits'
            else 'as_if_random'
        end as limit_type,
        limits.is_bounded,
        limits.varied_inputs,
        limits.held_inputs,
        limits.invalid_draws
    from {{ ref('est_limits') }} as limits
    left join samples
        on
            limits.platform_id = samples.platform_id
            and limits.scenario_id = samples.scenario_id
    where limits.layer != 'swing'

    union all

    select
        reports.platform_id,
        reports.window_end,
        reports.scenario_id,
        combinations.component_id,
        'choices' as layer,
        'combinations' as interval_method,
        '-' as definition_id,
        cast(min(combinations.jobs_wan_of_combination) as double) as low,
        cast(null as double) as central,
        cast(max(combinations.jobs_wan_of_combination) as double) as high,
        'range_over_choices' as limit_type,
        true as is_bounded,
        max(decisions.decision_ids) as varied_inputs,
        cast(null as {{ dbt.type_string() }}) as held_inputs,
        0 as invalid_draws
    from {{ ref('dim_reports') }} as reports
    inner join {{ ref('dim_scenarios') }} as scenarios
        on
            reports.platform_id = scenarios.platform_id
            and reports.scenario_id = scenarios.scenario_id
    inner join {{ ref('fct_choice_combinations') }} as combinations
        on
            reports.platform_id = combinations.platform_id
            and reports.window_end = combinations.window_end
            and scenarios.method_id = combinations.method_id
            and combinations.is_defensible
            and not combinations.has_synthetic_input
    inner join decisions
        on combinations.method_id = decisions.method_id
    group by
        reports.platform_id,
        reports.window_end,
        reports.scenario_id,
        combinations.component_id
    having
        max(combinations.jobs_wan_of_combination)
        > min(combinations.jobs_wan_of_combination)

),

final as (

    select
        steps.platform_id,
        steps.window_end,
        steps.scenario_id,
        {{ scenario_key('steps') }} as scenario_key,
        {{ window_key('steps') }} as window_key,
        {{ estimate_key('steps') }} as estimate_key,
        components.component_key,
        layers.layer,
        layers.interval_method,
        layers.definition_id,
        components.component_id,
        components.unit_counted,
        cast(layers.low as decimal(18, 4)) as low_wan,
        cast(coalesce(layers.central, steps.value) as decimal(18, 4)) as central_wan,
        cast(layers.high as decimal(18, 4)) as high_wan,
        layers.limit_type,
        layers.limit_type = 'confidence_limits' as is_probability,
        cast(
            case
                when layers.limit_type in ('confidence_limits', 'quantiles_of_assumptions')
                    then 0.95
            end
            as decimal(4, 2)
        ) as level,
        layers.is_bounded,
        layers.varied_inputs,
        nullif(layers.held_inputs, '') as held_inputs,
        layers.invalid_draws,
        steps.is_extrapolated,
        steps.weakest_provenance
    from layers
    inner join steps
        on
            layers.platform_id = steps.platform_id
            and layers.window_end = steps.window_end
            and layers.scenario_id = steps.scenario_id
            and layers.component_id = steps.component_id
    inner join components
        on
            steps.method_id = components.method_id
            and steps.component_id = components.component_id

)

select * from final

{#- The inputs of estimates: the rows whose options the scenario takes, of an input the ones of the highest
    priority.

    condition   on the columns of dim_scenarios, as `scenarios`
    relation    of rows like int_inputs__rows -#}
{% macro selected_inputs(condition, relation) -%}
with estimates as (

    select
        windows.platform_id,
        windows.window_end,
        windows.scenario_id,
        windows.method_id,
        list_concat(
            string_split(coalesce(scenarios.choices, ''), ' '),
            [
                'scenario=' || windows.scenario_id,
                'sample=' || coalesce(scenarios.sample_id, '')
            ]
        ) as options
    from {{ ref('int_chain__windows') }} as windows
    inner join {{ ref('dim_scenarios') }} as scenarios
        on
            windows.platform_id = scenarios.platform_id
            and windows.scenario_id = scenarios.scenario_id
    where {{ condition }}

),

input_rows as (

    select * from {{ relation }}

),

selected as (

    select
        estimates.platform_id,
        estimates.window_end,
        estimates.scenario_id,
        estimates.method_id,
        input_rows.* exclude (platform_id, window_end, method_id, options)
    from estimates
    inner join input_rows
        on
            coalesce(input_rows.platform_id, estimates.platform_id)
            = estimates.platform_id
            and coalesce(input_rows.window_end, estimates.window_end)
            = estimates.window_end
            and coalesce(input_rows.method_id, estimates.method_id)
            = estimates.method_id
            and list_has_all(estimates.options, input_rows.options)
    qualify
        input_rows.priority = max(input_rows.priority) over (
            partition by
                estimates.platform_id,
                estimates.window_end,
                estimates.scenario_id,
                input_rows.input_name
        )

),

final as (

    select
        platform_id,
        window_end,
        scenario_id,
        method_id,
        input_name,
        element_id,
        low,
        central,
        high,
        distribution,
        uncertainty_kind,
        stream,
        is_of_window,
        is_carried_forward,
        period_end,
        provenance,
        source_id,
        seed,
        seed_line,
        interval_method,
        reference
    from selected
    -- after the rule: a row without any value has taken its input away
    where coalesce(low, central, high) is not null

)

select * from final
{%- endmacro %}

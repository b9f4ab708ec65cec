-- The input-output table that a scenario names, whatever the window.
with windows as (

    select * from {{ ref('int_chain__windows') }}

),

scenarios as (

    select * from {{ ref('dim_scenarios') }}

),

totals as (

    select * from {{ ref('stg_economy__input_output_totals') }}

),

chosen as (

    select
        windows.platform_id,
        windows.window_end,
        windows.scenario_id,
        totals.intermediate_use_yi_yuan,
        totals.final_use_yi_yuan,
        totals.provenance,
        totals.source_id,
        totals.seed,
        totals.seed_line,
        cast(totals.table_year as {{ dbt.type_string() }}) || ' ' || totals.origin
            as reference
    from windows
    inner join scenarios
        on
            windows.platform_id = scenarios.platform_id
            and windows.scenario_id = scenarios.scenario_id
    inner join totals
        on
            scenarios.table_year = totals.table_year
            and scenarios.ratio_definition = totals.origin || '_use'

),

final as (

    {% for input_name in ['intermediate_use', 'final_use'] %}
        select
            platform_id,
            window_end,
            scenario_id,
            '{{ input_name }}' as input_name,
            {{ no_element() }} as element_id,
            cast(null as double) as low,
            cast({{ input_name }}_yi_yuan as double) as central,
            cast(null as double) as high,
            cast(null as {{ dbt.type_string() }}) as distribution,
            cast(null as {{ dbt.type_string() }}) as uncertainty_kind,
            '{{ input_name }}' as stream,
            true as is_of_window,
            false as is_carried_forward,
            provenance,
            source_id,
            seed,
            seed_line,
            reference
        from chosen
        {{ 'union all' if not loop.last }}
    {% endfor %}

)

select * from final

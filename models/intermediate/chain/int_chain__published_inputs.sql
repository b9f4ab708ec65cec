-- The published coefficients, off by what printing left of them, and the mean turnover
-- that they imply, which is held: it belongs to them as printed.
{%- set terms = {
    'b0': 'intercept', 'b1': 'turnover', 'b2': 'turnover_squared'
} %}
with windows as (

    select * from {{ ref('int_chain__windows') }}

),

scenarios as (

    select * from {{ ref('dim_scenarios') }}

),

curves as (

    select * from {{ ref('int_chain__published_curves') }}

),

chosen as (

    select
        windows.scenario_id,
        scenarios.mean_turnover_source,
        curves.*,
        curves.reference_window_end = curves.window_end as is_of_window,
        curves.reference_window_end < curves.window_end as is_carried_forward,
        cast(curves.reference_window_end as {{ dbt.type_string() }}) as reference
    from windows
    inner join scenarios
        on
            windows.platform_id = scenarios.platform_id
            and windows.scenario_id = scenarios.scenario_id
    inner join curves
        on
            windows.platform_id = curves.platform_id
            and windows.window_end = curves.window_end
    where scenarios.coefficient_source = 'published'

),

final as (

    {% for input_name, term in terms.items() %}
        select
            platform_id,
            window_end,
            scenario_id,
            '{{ input_name }}' as input_name,
            {{ no_element() }} as element_id,
            cast({{ term }} - {{ term }}_half_width as double) as low,
            cast({{ term }} as double) as central,
            cast({{ term }} + {{ term }}_half_width as double) as high,
            'uniform' as distribution,
            'rounding' as uncertainty_kind,
            '{{ term }}' as stream,
            is_of_window,
            is_carried_forward,
            provenance,
            source_id,
            seed,
            seed_line,
            reference
        from chosen

        union all

    {% endfor %}

    select
        platform_id,
        window_end,
        scenario_id,
        'mean_turnover' as input_name,
        {{ no_element() }} as element_id,
        cast(null as double) as low,
        cast(implied_turnover_wan_yuan as double) as central,
        cast(null as double) as high,
        cast(null as {{ dbt.type_string() }}) as distribution,
        cast(null as {{ dbt.type_string() }}) as uncertainty_kind,
        'mean_turnover_wan_yuan' as stream,
        is_of_window,
        is_carried_forward,
        'derived' as provenance,
        source_id,
        seed,
        seed_line,
        reference
    from chosen
    where
        mean_turnover_source = 'implied'
        and implied_turnover_wan_yuan is not null

)

select * from final

-- The published coefficients and the jobs published with them, off by what printing
-- left of them, with the GMV that they stand on. In the window that they are of,
-- nothing is extrapolated.
{%- set reference_gmv = "'gmv ' || cast(reference_window_end as varchar)" %}
{%- set rounded = {
    'b0': ('intercept', 'intercept_half_width', "'intercept'"),
    'b1': ('turnover', 'turnover_half_width', "'turnover'"),
    'b2': ('turnover_squared', 'turnover_squared_half_width', "'turnover_squared'"),
    'merchant_jobs_of_report':
        ('merchant_jobs_wan', 'merchant_jobs_half_width', "'merchant_jobs_of_report'"),
    'gmv_of_report': ('gmv_yi_yuan', 'half_width_yi_yuan', reference_gmv),
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

    {% for input_name, (value, half_width, stream) in rounded.items() %}
        {%- set is_gmv = value == 'gmv_yi_yuan' %}
        select
            platform_id,
            window_end,
            scenario_id,
            '{{ input_name }}' as input_name,
            {{ no_element() }} as element_id,
            cast({{ value }} - {{ half_width }} as double) as low,
            cast({{ value }} as double) as central,
            cast({{ value }} + {{ half_width }} as double) as high,
            'uniform' as distribution,
            'rounding' as uncertainty_kind,
            {{ stream }} as stream,
            is_of_window,
            is_carried_forward,
            {{ 'gmv_provenance' if is_gmv else 'provenance' }} as provenance,
            -- GMV may be a sum of several disclosures
            {{ 'null' if is_gmv else 'source_id' }} as source_id,
            {{ "'seeds/platform/gmv_disclosures.csv'" if is_gmv else 'seed' }} as seed,
            {{ 'null' if is_gmv else 'seed_line' }} as seed_line,
            {{ 'gmv_formula' if is_gmv else 'reference' }} as reference
        from chosen
        where {{ value }} is not null

        union all

    {% endfor %}

    -- 0 or any other number: GMV is that of the report
    select
        platform_id,
        window_end,
        scenario_id,
        'turnover_growth_share' as input_name,
        {{ no_element() }} as element_id,
        cast(null as double) as low,
        cast(0 as double) as central,
        cast(null as double) as high,
        cast(null as {{ dbt.type_string() }}) as distribution,
        cast(null as {{ dbt.type_string() }}) as uncertainty_kind,
        'turnover_growth_share' as stream,
        is_of_window,
        is_carried_forward,
        'derived' as provenance,
        source_id,
        seed,
        -- it stands nowhere
        null as seed_line,
        reference
    from chosen
    where is_of_window

)

select * from final

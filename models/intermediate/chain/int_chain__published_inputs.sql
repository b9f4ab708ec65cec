-- What is printed of a window, off by what printing left of it: GMV; the published
-- coefficients and the jobs published with them, with the GMV that they stand on. In
-- the window that those are of, nothing is extrapolated.
{%- set rounded = {
    'b0': ('intercept', 'intercept_half_width', "'intercept'"),
    'b1': ('turnover', 'turnover_half_width', "'turnover'"),
    'b2': ('turnover_squared', 'turnover_squared_half_width', "'turnover_squared'"),
    'merchant_jobs_of_report':
        ('merchant_jobs_wan', 'merchant_jobs_half_width', "'merchant_jobs_of_report'"),
    'gmv_of_report':
        ('gmv_yi_yuan', 'half_width_yi_yuan', "'gmv ' || reference"),
} %}
with windows as (

    select * from {{ ref('int_chain__windows') }}

),

chosen as (

    select
        windows.scenario_id,
        curves.*,
        curves.reference_window_end = curves.window_end as is_of_window,
        curves.reference_window_end < curves.window_end as is_carried_forward,
        cast(curves.reference_window_end as {{ dbt.type_string() }}) as reference
    from windows
    inner join {{ ref('dim_scenarios') }} as scenarios
        on
            windows.platform_id = scenarios.platform_id
            and windows.scenario_id = scenarios.scenario_id
    inner join {{ ref('int_chain__published_curves') }} as curves
        on
            windows.platform_id = curves.platform_id
            and windows.window_end = curves.window_end
    where scenarios.coefficient_source = 'published'

),

printed as (

    select
        windows.platform_id,
        windows.window_end,
        windows.scenario_id,
        'gmv' as input_name,
        trailing_gmv.gmv_yi_yuan as value,
        trailing_gmv.half_width_yi_yuan as half_width,
        'gmv ' || cast(windows.window_end as {{ dbt.type_string() }}) as stream,
        true as is_of_window,
        false as is_carried_forward,
        trailing_gmv.provenance,
        -- a sum of several disclosures has no line and no source of its own
        disclosures.source_id,
        coalesce(disclosures.seed, 'seeds/platform/gmv_disclosures.csv') as seed,
        disclosures.seed_line,
        trailing_gmv.formula as reference
    from windows
    inner join {{ ref('int_gmv__trailing_four_quarters') }} as trailing_gmv
        on
            windows.platform_id = trailing_gmv.platform_id
            and windows.window_start = trailing_gmv.window_start
            and windows.window_end = trailing_gmv.window_end
    left join {{ ref('stg_platform__gmv_disclosures') }} as disclosures
        on
            trailing_gmv.platform_id = disclosures.platform_id
            and trailing_gmv.formula = '+' || disclosures.disclosure_id

    {% for input_name, (value, half_width, stream) in rounded.items() %}
        {%- set is_gmv = value == 'gmv_yi_yuan' %}
        union all

        select
            platform_id,
            window_end,
            scenario_id,
            '{{ input_name }}' as input_name,
            {{ value }} as value,
            {{ half_width }} as half_width,
            {{ stream }} as stream,
            is_of_window,
            is_carried_forward,
            {{ 'gmv_provenance' if is_gmv else 'provenance' }} as provenance,
            {{ 'null' if is_gmv else 'source_id' }} as source_id,
            {{ "'seeds/platform/gmv_disclosures.csv'" if is_gmv else 'seed' }} as seed,
            {{ 'null' if is_gmv else 'seed_line' }} as seed_line,
            {{ 'gmv_formula' if is_gmv else 'reference' }} as reference
        from chosen
        where {{ value }} is not null
    {% endfor %}

    -- 0 or any other number: GMV is that of the report, which stands nowhere
    union all

    select
        platform_id,
        window_end,
        scenario_id,
        'turnover_growth_share' as input_name,
        0 as value,
        null as half_width,
        'turnover_growth_share' as stream,
        is_of_window,
        is_carried_forward,
        'derived' as provenance,
        source_id,
        seed,
        null as seed_line,
        reference
    from chosen
    where is_of_window

),

final as (

    select
        platform_id,
        window_end,
        scenario_id,
        input_name,
        {{ no_element() }} as element_id,
        cast(value - half_width as double) as low,
        cast(value as double) as central,
        cast(value + half_width as double) as high,
        case when half_width is not null then 'uniform' end as distribution,
        case when half_width is not null then 'rounding' end as uncertainty_kind,
        stream,
        is_of_window,
        is_carried_forward,
        provenance,
        source_id,
        seed,
        seed_line,
        reference
    from printed

)

select * from final

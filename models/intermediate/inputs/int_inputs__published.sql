-- What is printed about a reference period, with the range that rounding leaves: GMV;
-- the published coefficients, the jobs published with them and the GMV of their period.
-- In the period of the coefficients nothing is extrapolated.
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

    select distinct
        platform_id,
        window_start,
        window_end
    from {{ ref('int_chain__windows') }}

),

curves as (

    select
        *,
        reference_window_end = window_end as is_of_window,
        reference_window_end < window_end as is_carried_forward,
        cast(reference_window_end as varchar) as reference
    from {{ ref('int_chain__published_curves') }}

),

printed as (

    select
        windows.platform_id,
        windows.window_end,
        [null] as ways,
        'gmv' as input_name,
        trailing_gmv.gmv_yi_yuan as value,
        trailing_gmv.half_width_yi_yuan as half_width,
        'gmv ' || cast(windows.window_end as varchar) as stream,
        true as is_of_window,
        false as is_carried_forward,
        windows.window_end as period_end,
        trailing_gmv.provenance,
        -- a sum of several disclosures has neither line nor source
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
            ['published_curve', 'published_curve_at_sample_mean'] as ways,
            '{{ input_name }}' as input_name,
            {{ value }} as value,
            {{ half_width }} as half_width,
            {{ stream }} as stream,
            is_of_window,
            is_carried_forward,
            reference_window_end as period_end,
            {{ 'gmv_provenance' if is_gmv else 'provenance' }} as provenance,
            {{ 'null' if is_gmv else 'source_id' }} as source_id,
            {{ "'seeds/platform/gmv_disclosures.csv'" if is_gmv else 'seed' }} as seed,
            {{ 'null' if is_gmv else 'seed_line' }} as seed_line,
            {{ 'gmv_formula' if is_gmv else 'reference' }} as reference
        from curves
        where {{ value }} is not null
    {% endfor %}

    -- any other number gives the same: GMV belongs to the report, which has no row for it
    union all

    select
        platform_id,
        window_end,
        ['published_curve', 'published_curve_at_sample_mean'] as ways,
        'turnover_growth_share' as input_name,
        0 as value,
        null as half_width,
        'turnover_growth_share' as stream,
        is_of_window,
        is_carried_forward,
        reference_window_end as period_end,
        'derived' as provenance,
        source_id,
        seed,
        null as seed_line,
        reference
    from curves
    where is_of_window

),

final as (

    select
        cast(null as varchar) as method_id,
        printed.platform_id,
        printed.window_end,
        case
            when of_way.way is null then []
            else ['merchant_jobs=' || of_way.way]
        end as options,
        1 as priority,
        printed.input_name,
        '-' as element_id,
        cast(printed.value - printed.half_width as double) as low,
        cast(printed.value as double) as central,
        cast(printed.value + printed.half_width as double) as high,
        case when printed.half_width is not null then 'uniform' end as distribution,
        case when printed.half_width is not null then 'rounding' end
            as uncertainty_kind,
        printed.stream,
        printed.is_of_window,
        printed.is_carried_forward,
        printed.period_end,
        printed.provenance,
        printed.source_id,
        printed.seed,
        printed.seed_line,
        printed.reference
    from printed, unnest(printed.ways) as of_way (way)

)

select * from final

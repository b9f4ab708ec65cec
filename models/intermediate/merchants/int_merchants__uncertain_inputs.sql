-- What is not known exactly in merchant jobs. The implied mean turnover is held: it
-- belongs to the coefficients as printed.
with merchant_jobs as (

    select * from {{ ref('int_merchants__jobs') }}

),

trailing_gmv as (

    select * from {{ ref('int_gmv__trailing_four_quarters') }}

),

published as (

    select * from {{ ref('stg_platform__published_coefficients') }}

),

sampled_inputs as (

    select * from {{ ref('int_merchants__sampled_inputs') }}

),

final as (

    select
        merchant_jobs.platform_id,
        merchant_jobs.window_end,
        merchant_jobs.scenario_id,
        'gmv_yi_yuan' as input_name,
        cast(
            trailing_gmv.gmv_yi_yuan - trailing_gmv.half_width_yi_yuan as double
        ) as low,
        cast(trailing_gmv.gmv_yi_yuan as double) as central,
        cast(
            trailing_gmv.gmv_yi_yuan + trailing_gmv.half_width_yi_yuan as double
        ) as high,
        'uniform' as distribution,
        'rounding' as uncertainty_kind,
        merchant_jobs.gmv_provenance as provenance
    from merchant_jobs
    inner join trailing_gmv
        on
            merchant_jobs.platform_id = trailing_gmv.platform_id
            and merchant_jobs.window_end = trailing_gmv.window_end

    {% for term in ['intercept', 'turnover', 'turnover_squared'] %}
        union all

        select
            merchant_jobs.platform_id,
            merchant_jobs.window_end,
            merchant_jobs.scenario_id,
            '{{ term }}' as input_name,
            cast(published.{{ term }} - published.{{ term }}_half_width as double)
                as low,
            cast(published.{{ term }} as double) as central,
            cast(published.{{ term }} + published.{{ term }}_half_width as double)
                as high,
            'uniform' as distribution,
            'rounding' as uncertainty_kind,
            merchant_jobs.coefficient_provenance as provenance
        from merchant_jobs
        inner join published
            on
                merchant_jobs.platform_id = published.platform_id
                and merchant_jobs.coefficient_source = 'published'
    {% endfor %}

    union all

    select
        platform_id,
        window_end,
        scenario_id,
        input_name,
        low,
        central,
        high,
        distribution,
        uncertainty_kind,
        provenance
    from sampled_inputs

)

select * from final

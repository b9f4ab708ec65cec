-- What is not known exactly in merchant jobs. The implied mean turnover is held: it
-- belongs to the coefficients as printed. That of a sample is part of the error of its
-- productivity.
with merchant_jobs as (

    select * from {{ ref('int_merchants__jobs') }}

),

trailing_gmv as (

    select * from {{ ref('int_gmv__trailing_four_quarters') }}

),

published as (

    select * from {{ ref('stg_platform__published_coefficients') }}

),

scenarios as (

    select * from {{ ref('stg_reference__scenarios') }}

),

mean_productivity as (

    select * from {{ ref('int_merchants__mean_productivity') }}

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
        merchant_jobs.platform_id,
        merchant_jobs.window_end,
        merchant_jobs.scenario_id,
        'productivity_wan_yuan_per_job' as input_name,
        mean_productivity.conf_low as low,
        merchant_jobs.productivity_wan_yuan_per_job as central,
        mean_productivity.conf_high as high,
        'normal' as distribution,
        'sampling' as uncertainty_kind,
        merchant_jobs.coefficient_provenance as provenance
    from merchant_jobs
    inner join scenarios
        on
            merchant_jobs.platform_id = scenarios.platform_id
            and merchant_jobs.scenario_id = scenarios.scenario_id
    inner join mean_productivity
        on
            scenarios.platform_id = mean_productivity.platform_id
            and scenarios.sample_id = mean_productivity.sample_id
    -- the error is that of f at the mean of the sample
    where
        merchant_jobs.coefficient_source = 'fitted'
        and merchant_jobs.mean_turnover_source = 'sample'

)

select * from final

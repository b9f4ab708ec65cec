with coefficients as (

    select * from {{ ref('est_merchant_productivity') }}

),

moments as (

    select * from {{ ref('int_merchants__moments') }}

),

final as (

    select
        coefficients.platform_id,
        coefficients.sample_id,
        coefficients.cov_type,
        coefficients.term,
        coefficients.estimate,
        coefficients.std_error,
        coefficients.statistic,
        coefficients.p_value,
        coefficients.conf_low,
        coefficients.conf_high,
        coefficients.nobs,
        coefficients.df_resid,
        coefficients.r_squared,
        coefficients.condition_number,
        moments.provenance,
        moments.source_id
    from coefficients
    inner join moments
        on
            coefficients.platform_id = moments.platform_id
            and coefficients.sample_id = moments.sample_id

)

select * from final

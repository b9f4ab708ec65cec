with coefficients as (

    select * from {{ ref('est_merchant_productivity') }}

),

samples as (

    select * from {{ ref('int_survey__samples') }}

),

final as (

    select
        coefficients.platform_id,
        coefficients.sample_id,
        coefficients.industry_code,
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
        samples.provenance,
        samples.source_id
    from coefficients
    inner join samples
        on
            coefficients.platform_id = samples.platform_id
            and coefficients.sample_id = samples.sample_id

)

select * from final

with fits as (

    select
        platform_id,
        sample_id,
        industry_code,
        unnest(coefficients) as row_of
    from {{ ref('est_merchant_fits') }}

),

coefficients as (

    select
        fits.platform_id,
        fits.sample_id,
        fits.industry_code,
        fits.row_of.cov_type,
        fits.row_of.term,
        fits.row_of.estimate,
        fits.row_of.std_error,
        fits.row_of.statistic,
        fits.row_of.p_value,
        fits.row_of.conf_low,
        fits.row_of.conf_high,
        fits.row_of.interval_kind,
        fits.row_of.nobs,
        fits.row_of.df_resid,
        fits.row_of.r_squared,
        fits.row_of.condition_number
    from fits

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
        coefficients.interval_kind,
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

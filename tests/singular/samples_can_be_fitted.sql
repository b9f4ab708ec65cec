-- Stops everything that is built from the fits.
with fits as (

    select * from {{ ref('est_merchant_fits') }}

),

problems as (

    select
        'merchant sample ' || sample_id || ' of platform ' || platform_id || ': '
        || unusable_reason as problem,
        'survey more merchants that differ in turnover and in turnover per head, or'
        || ' remove the sample and its scenarios' as remedy
    from fits
    where
        industry_code = '-'
        and unusable_reason is not null

)

select * from problems

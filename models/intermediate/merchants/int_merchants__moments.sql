-- The one scan of the merchants from which equation 2.1 is fitted.
{{ merchant_moments(
    ref('int_merchants__sample'),
    keys=['platform_id', 'sample_id'],
    groups=['industry_code'],
    weight='survey_weight'
) }}

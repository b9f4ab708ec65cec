-- The one scan of the merchants from which equation 2.1 is fitted. Each industry has
-- units of its own: in those of its sample a narrow one would have few digits left.
{{ merchant_moments(
    ref('int_survey__merchants'),
    keys=['platform_id', 'sample_id', 'industry_code'],
    weight='survey_weight'
) }}

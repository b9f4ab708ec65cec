-- Merchants that are estimated from in memory. A larger sample is drawn from: the hash of
-- the key decides, so every build draws the same merchants.
{%- set most = whole_number_variable('max_merchants_in_memory') %}
with merchants as (

    select * from {{ ref('stg_survey__merchants') }}

),

samples as (

    select * from {{ ref('int_survey__samples') }}

),

-- More than enough, so that the next step does not sort the whole of a large sample: in
-- hashes up to this bound as many merchants are expected as are stored, and ten standard
-- deviations.
bounds as (

    select
        platform_id,
        sample_id,
        least(
            1.0,
            ({{ most }} + 10 * sqrt(cast({{ most }} as double)) + 100) / nobs
        ) * 1152921504606846976 as highest_hash
    from samples

),

ranked as (

    select
        merchants.*,
        row_number() over (
            partition by merchants.platform_id, merchants.sample_id
            order by merchants.key_hash, merchants.merchant_id
        ) as hash_rank
    from merchants
    inner join bounds
        on
            merchants.platform_id = bounds.platform_id
            and merchants.sample_id = bounds.sample_id
    where merchants.key_hash <= bounds.highest_hash

),

final as (

    select
        platform_id,
        sample_id,
        merchant_id,
        industry_code,
        turnover_wan_yuan,
        headcount,
        survey_weight
    from ranked
    where hash_rank <= {{ most }}

)

select * from final

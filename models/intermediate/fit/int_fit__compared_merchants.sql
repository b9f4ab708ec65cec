-- noqa: disable=LT02
-- Merchants that are estimated from in memory: a sample that fits, or as many as are
-- drawn of a larger one. The hash of the key decides, so every build draws the same.
{{ written_to_sums_folder() }}
{{ config(pre_hook="{{ stop_on_refusals() }}") }}
{%- set in_memory = whole_number_variable('max_merchants_in_memory') %}
{%- set drawn = [whole_number_variable('max_compared_merchants'), in_memory] | min %}
{% if is_from_sums() %}
{{ sums_folder('int_fit__compared_merchants', {
    'platform_id': 'varchar', 'sample_id': 'varchar', 'merchant_id': 'varchar',
    'industry_code': 'varchar', 'turnover_wan_yuan': 'decimal(18, 2)',
    'headcount': 'bigint', 'survey_weight': 'decimal(18, 6)',
}, has_doubles=false) }}
{% else %}
with merchants as (

    select * from {{ ref('stg_survey__merchants') }}

),

samples as (

    select
        platform_id,
        sample_id,
        sum(merchants) as nobs,
        case
            when sum(merchants) <= {{ in_memory }} then sum(merchants)
            else {{ drawn }}
        end as drawn
    from {{ ref('stg_survey__merchant_counts') }}
    group by platform_id, sample_id

),

-- More than enough, so that the next step does not sort the whole of a large sample: in
-- hashes up to this bound as many merchants are expected as are stored, and ten standard
-- deviations.
bounds as (

    select
        platform_id,
        sample_id,
        drawn,
        least(1.0, (drawn + 10 * sqrt(cast(drawn as double)) + 100) / nobs)
        * 1152921504606846976 as highest_hash
    from samples

),

ranked as (

    select
        merchants.*,
        bounds.drawn,
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
    where hash_rank <= drawn

)

select * from final
{% endif %}

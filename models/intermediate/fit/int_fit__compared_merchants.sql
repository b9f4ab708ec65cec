-- Some estimators need the rows in memory, so large samples are drawn from: a salted
-- hash of the key decides, always alike. Made after the fits, so that a sample that
-- cannot be fitted stops what follows.
-- depends_on: {{ ref('est_merchant_fits') }}
{%- set most = whole_number_variable('max_compared_merchants') %}
with merchants as (

    select * from {{ ref('int_survey__merchants') }}

),

samples as (

    select * from {{ ref('int_survey__samples') }}

),

hashed as (

    select
        merchants.platform_id,
        merchants.sample_id,
        merchants.merchant_id,
        merchants.turnover_wan_yuan,
        merchants.headcount,
        merchants.survey_weight,
        samples.nobs,
        {{ dbt.hash("merchants.merchant_id || ' estimators'") }} as hash_code
    from merchants
    inner join samples
        on
            merchants.platform_id = samples.platform_id
            and merchants.sample_id = samples.sample_id

),

-- all, one in 16 or one in 256 by the first hexadecimal digits: more than enough, so
-- that the next step does not sort the whole of a large sample
candidates as (

    select *
    from hashed
    where
        hash_code < case
            when nobs <= {{ 20 * most }} then 'g'
            when nobs <= {{ 320 * most }} then '1'
            else '01'
        end

),

ranked as (

    select
        *,
        row_number() over (
            partition by platform_id, sample_id
            order by hash_code, merchant_id
        ) as hash_rank
    from candidates

),

final as (

    select
        platform_id,
        sample_id,
        merchant_id,
        turnover_wan_yuan,
        headcount,
        survey_weight
    from ranked
    where hash_rank <= {{ most }}

)

select * from final

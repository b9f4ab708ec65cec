-- The one scan of the merchants from which equation 2.1 is fitted. Each industry has
-- units of its own: in those of its sample a narrow one would have few digits left. So
-- has each partition of the ledger: its sums stay as they are when others come.
-- Made after the merchants were judged: see stg_survey__merchants.
-- depends_on: {{ ref('stg_survey__rejected_lines') }}
-- depends_on: {{ ref('stg_survey__merchant_counts') }}
-- depends_on: {{ ref('int_survey__distribution_checks') }}
{%- set repeated = ref('stg_survey__repeated_merchants') %}
with moments as (

    {{ merchant_moments(
        counted_merchants(ref('stg_survey__merchants'), repeated),
        keys=['industry_number'],
        weight='survey_weight'
    ) }}

),

origins as (

    select * from {{ ref('stg_survey__origins') }}

),

industries as (

    select distinct
        industry_number,
        partition_number,
        platform_id,
        sample_id,
        industry_code
    from origins

),

final as (

    select
        industries.partition_number,
        industries.platform_id,
        industries.sample_id,
        industries.industry_code,
        moments.survey_weight,
        moments.headcount,
        moments.size_class,
        moments.lowest_wan_yuan,
        moments.range_wan_yuan,
        moments.merchants,
        moments.power_1,
        moments.power_2,
        moments.power_3,
        moments.power_4,
        moments.power_5,
        moments.power_6,
        moments.power_7,
        moments.power_8
    from moments
    inner join industries
        on moments.industry_number = industries.industry_number
    {{ and_kept('int_fit__moments', 'partition_number', read_partitions(repeated)) }}

)

select * from final

-- noqa: disable=LT02
-- What tests and samples ask of the merchants as a whole, in exact sums that add up.
{{ written_to_sums_folder() }}
{{ config(materialized='table') }}
{%- set sums_columns = {
    'file_number': 'bigint', 'platform_id': 'varchar', 'sample_id': 'varchar',
    'industry_code': 'varchar', 'provenance': 'varchar', 'source_id': 'varchar',
    'merchants': 'bigint', 'turnover_wan_yuan': 'decimal(38, 2)',
    'headcount': 'bigint', 'survey_weight': 'decimal(38, 6)',
    'weighted_turnover_wan_yuan': 'decimal(38, 8)',
} %}

{% if is_from_sums() %}
{{ sums_folder('stg_survey__merchant_counts', sums_columns, has_doubles=false) }}
{% elif is_duckdb() %}
with merchants as (

    select * from {{ ref('stg_survey__merchants') }}

),

origins as (

    select * from {{ ref('stg_survey__origins') }}

),

sums as (

    select
        file_number,
        origin_number,
        count(*) as merchants,
        sum(turnover_wan_yuan) as turnover_wan_yuan,
        cast(sum(headcount) as bigint) as headcount,
        sum(survey_weight) as survey_weight,
        sum(cast(survey_weight as decimal(19, 6)) * turnover_wan_yuan)
            as weighted_turnover_wan_yuan
    from merchants
    group by file_number, origin_number

),

final as (

    select
        sums.file_number,
        origins.platform_id,
        origins.sample_id,
        origins.industry_code,
        origins.provenance,
        origins.source_id,
        sums.merchants,
        sums.turnover_wan_yuan,
        sums.headcount,
        sums.survey_weight,
        sums.weighted_turnover_wan_yuan
    from sums
    inner join origins
        on sums.origin_number = origins.origin_number

)

select * from final
{% else %}
select
    file_number,
    platform_id,
    sample_id,
    industry_code,
    provenance,
    source_id,
    count(*) as merchants,
    sum(turnover_wan_yuan) as turnover_wan_yuan,
    cast(sum(headcount) as bigint) as headcount,
    sum(survey_weight) as survey_weight,
    sum(cast(survey_weight as decimal(19, 6)) * turnover_wan_yuan)
        as weighted_turnover_wan_yuan
from {{ ref('stg_survey__merchants') }}
group by file_number, platform_id, sample_id, industry_code, provenance, source_id
{% endif %}

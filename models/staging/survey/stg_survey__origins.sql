-- What many lines have in common is judged once, and the lines keep its number.
-- depends_on: {{ ref('stg_survey__csv_lines') }}
-- depends_on: {{ ref('merchant_sample') }}
{{ config(materialized='table') }}
{%- set columns = [
    'platform_id', 'sample_id', 'industry_code', 'provenance', 'source_id'
] %}
{%- set rules = merchant_rules() %}
{%- set accepted = [] %}
{%- for column in columns %}
    {%- do accepted.append(rules[column].accepted) %}
{%- endfor %}

with lines as (

    {{ merchant_lines() }}

),

origins as (

    select distinct
        platform_id,
        sample_id,
        industry_code,
        provenance,
        source_id
    from lines

),

final as (

    select
        cast(
            row_number() over (
                order by {{ columns | join(' nulls last, ') }} nulls last
            ) as integer
        ) as origin_number,
        cast(
            dense_rank() over (
                order by platform_id nulls last, sample_id nulls last
            ) as integer
        ) as sample_number,
        cast(
            dense_rank() over (
                order by
                    platform_id nulls last,
                    sample_id nulls last,
                    industry_code nulls last
            ) as integer
        ) as industry_number,
        platform_id,
        sample_id,
        industry_code,
        provenance,
        source_id,
        coalesce({{ accepted | join(' and ') }}, false) as is_accepted
    from origins

)

select * from final

-- What many lines have in common is judged once, and the lines keep its number: in the
-- order of the partitions, so that those of a day are after those of the days before.
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
        partition_number,
        platform_id,
        sample_id,
        industry_code,
        provenance,
        source_id
    from lines
    {%- if counted_files() %}
    union all
    select partition_number, {{ columns | join(', ') }}
    from {{ kept('stg_survey__origins') }}
    {%- endif %}

),

final as (

    select
        cast(
            row_number() over (
                order by
                    partition_number,
                    {{ columns | join(' nulls last, ') }} nulls last
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
                    partition_number,
                    platform_id nulls last,
                    sample_id nulls last,
                    industry_code nulls last
            ) as integer
        ) as industry_number,
        partition_number,
        platform_id,
        sample_id,
        industry_code,
        provenance,
        source_id,
        coalesce({{ accepted | join(' and ') }}, false) as is_accepted
    from origins

)

select * from final

-- Text is built from these lines alone. Where as many lines are accepted as validation
-- counted in the files, and no merchant is repeated, none is read.
-- depends_on: {{ ref('stg_survey__csv_lines') }}
-- depends_on: {{ ref('merchant_sample') }}
{{ config(materialized='table') }}
{%- set columns = merchant_columns() %}
{%- set rules = merchant_rules() %}

with files as (

    select * from {{ ref('stg_survey__merchant_files') }}

),

accepted_lines as (

    select * from {{ ref('stg_survey__accepted_lines') }}

),

origins as (

    select * from {{ ref('stg_survey__origins') }}

),

repeated_merchants as (

    select * from {{ ref('stg_survey__repeated_merchants') }}

),

lines as (

    {{ merchant_lines(with_number=true) }}

),

accepted as (

    select
        file_number,
        count(*) as accepted_lines
    from accepted_lines
    group by file_number

),

-- what to look for in which file
doubts as (

    select
        files.file_number,
        'unaccepted' as doubt
    from files
    left join accepted
        on files.file_number = accepted.file_number
    where files.lines != coalesce(accepted.accepted_lines, 0)

    union all

    select distinct
        files.file_number,
        'repeated' as doubt
    from files
    cross join repeated_merchants

),

judged as (

    select
        lines.*,
        doubts.doubt,
        coalesce(
            origins.is_accepted
            and {{ cells_accepted(rules) }},
            false
        ) as is_accepted
    from lines
    inner join doubts
        on lines.file_number = doubts.file_number
    left join origins
        on
            lines.platform_id = origins.platform_id
            and lines.sample_id = origins.sample_id
            and lines.industry_code = origins.industry_code
            and lines.provenance = origins.provenance
            and lines.source_id = origins.source_id

),

chosen as (

    select judged.*
    from judged
    left join repeated_merchants
        on
            judged.platform_id = repeated_merchants.platform_id
            and judged.sample_id = repeated_merchants.sample_id
            and judged.merchant_id = repeated_merchants.merchant_id
    where
        (judged.doubt = 'unaccepted' and not judged.is_accepted)
        or (
            judged.doubt = 'repeated'
            and judged.is_accepted
            and repeated_merchants.merchant_id is not null
        )

),

final as (

    select
        file_number,
        line_number,
        {%- for column in columns %}
            {{ rules[column].text }} as {{ column }},
        {%- endfor %}
        is_accepted as is_repeated
    from chosen

)

select * from final

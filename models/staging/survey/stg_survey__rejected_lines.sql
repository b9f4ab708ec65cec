{{ config(materialized='table') }}
{%- set columns = merchant_columns() %}
{%- set rules = merchant_rules() %}

with lines as (

    select * from {{ ref('stg_survey__unaccepted_lines') }}

),

files as (

    select * from {{ ref('stg_survey__merchant_files') }}

),

waivers as (

    select
        file_sha256,
        {{ integer_from_text('line') }} as line,
        reason_code,
        reason_zh,
        reason_en
    from {{ ref('waivers') }}

),

judged as (

    select
        *,
        {%- for column in columns %}
            {{ rules[column].rejection }} as {{ column }}_rejection,
        {%- endfor %}
        case when is_repeated then 'duplicate_key' end as repetition
    from lines

),

placed as (

    select
        judged.file_number,
        files.file,
        files.file_sha256,
        cast(judged.line_number + files.first_line - 1 as bigint) as line,
        {{ csv_line(columns) }} as raw_text,
        case
            when judged.is_repeated then 'merchant_id'
            {%- for column in columns %}
                when judged.{{ column }}_rejection is not null then '{{ column }}'
            {%- endfor %}
        end as rejected_column,
        coalesce(
            judged.repetition,
            {%- for column in columns %}
                judged.{{ column }}_rejection{{ ',' if not loop.last }}
            {%- endfor %}
        ) as reason_code,
        files.rule_version
    from judged
    inner join files
        on judged.file_number = files.file_number

),

final as (

    select
        placed.file_number,
        placed.file,
        placed.file_sha256,
        placed.line,
        placed.raw_text,
        placed.rejected_column,
        placed.reason_code,
        placed.rule_version,
        waivers.line is not null as is_waived,
        waivers.reason_zh as waiver_reason_zh,
        waivers.reason_en as waiver_reason_en
    from placed
    left join waivers
        on
            placed.file_sha256 = waivers.file_sha256
            and placed.line = waivers.line
            and placed.reason_code = waivers.reason_code

)

select * from final

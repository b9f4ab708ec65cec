{%- set most = whole_number_variable('max_rejected_rows') %}
with files as (

    select * from {{ ref('stg_survey__merchant_files') }}

),

merchants as (

    select * from {{ ref('stg_survey__merchant_counts') }}

),

rejected_lines as (

    select * from {{ ref('stg_survey__rejected_lines') }}

),

accepted as (

    select
        file_number,
        cast(sum(merchants) as bigint) as accepted_lines
    from merchants
    group by file_number

),

rejected as (

    select
        file_number,
        count(*) as rejected_lines,
        count(case when is_waived then 1 end) as waived_lines
    from rejected_lines
    group by file_number

),

final as (

    select
        files.file_number,
        files.file,
        files.file_sha256,
        files.file_bytes,
        files.lines,
        coalesce(accepted.accepted_lines, 0) as accepted_lines,
        coalesce(rejected.rejected_lines, 0) as rejected_lines,
        coalesce(rejected.waived_lines, 0) as waived_lines,
        cast({{ most }} as bigint) as max_rejected_rows,
        files.rule_version
    from files
    left join accepted
        on files.file_number = accepted.file_number
    left join rejected
        on files.file_number = rejected.file_number

)

select * from final

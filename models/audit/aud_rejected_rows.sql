with rejected_lines as (

    select * from {{ ref('stg_survey__rejected_lines') }}

),

final as (

    select
        file_number,
        file,
        file_sha256,
        line,
        raw_text,
        rejected_column,
        reason_code,
        rule_version,
        is_waived,
        waiver_reason_zh,
        waiver_reason_en
    from rejected_lines

)

select * from final

{{ config(materialized='table') }}

with lines as (

    select * from {{ ref('stg_survey__numbered_lines') }}

),

files as (

    select * from {{ ref('stg_survey__merchant_files') }}

),

repeated_merchants as (

    select * from {{ ref('stg_survey__repeated_merchants') }}

),

waivers as (

    select * from {{ ref('stg_survey__waivers') }}

),

rejected as (

    select
        file_number,
        line_of_all_files,
        platform_id,
        sample_id,
        merchant_id,
        industry_code,
        turnover_wan_yuan,
        headcount,
        survey_weight,
        provenance,
        source_id,
        rejected_column,
        reason_code
    from lines
    where reason_code is not null

    union all

    select
        lines.file_number,
        lines.line_of_all_files,
        lines.platform_id,
        lines.sample_id,
        lines.merchant_id,
        lines.industry_code,
        lines.turnover_wan_yuan,
        lines.headcount,
        lines.survey_weight,
        lines.provenance,
        lines.source_id,
        'merchant_id' as rejected_column,
        'duplicate_key' as reason_code
    from lines
    inner join repeated_merchants
        on
            lines.platform_id = repeated_merchants.platform_id
            and lines.sample_id = repeated_merchants.sample_id
            and lines.merchant_id = repeated_merchants.merchant_id
    where lines.reason_code is null

),

placed as (

    select
        rejected.file_number,
        files.file,
        files.file_sha256,
        cast(
            rejected.line_of_all_files - files.lines_in_files_before
            + files.first_line - 1 as bigint
        ) as line,
        {{ csv_line([
            'platform_id', 'sample_id', 'merchant_id', 'industry_code',
            'turnover_wan_yuan', 'headcount', 'survey_weight', 'provenance', 'source_id'
        ]) }} as raw_text,
        rejected.rejected_column,
        rejected.reason_code,
        files.rule_version
    from rejected
    inner join files
        on rejected.file_number = files.file_number

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

-- The position of a row in a table that was made in one scan: DuckDB counts rows in the
-- order in which they were written. Other engines need a number from the scan itself.
with lines as (

    select
        *,
        rowid + 1 as line_of_all_files
    from {{ ref('stg_survey__merchant_lines') }}

),

final as (

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

)

select * from final

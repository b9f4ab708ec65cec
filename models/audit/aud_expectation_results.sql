with results as (

    select * from {{ ref('int_expectations__results') }}

),

final as (

    select
        table_name,
        row_number() over (
            partition by table_name
            order by
                expectation_type,
                coalesce(column_name, ''),
                coalesce(report_id, ''),
                coalesce(figure_id, ''),
                subject_en,
                expected
        ) as expectation_number,
        suite_name,
        expectation_type,
        column_name,
        report_id,
        figure_id,
        subject_zh,
        subject_en,
        expected,
        observed,
        is_success,
        evaluated_rows,
        unexpected_count,
        failing_keys,
        message,
        exception
    from results

)

select * from final

-- 540: content ecosystem jobs, 万; every input is assumed.
--     dbt show --select trace_content_jobs --limit 200
with trace_lines as (

    select * from {{ ref('int_report__trace_lines') }}

),

final as (

    select
        step,
        quantity,
        formula,
        value,
        stands_in,
        evidence
    from trace_lines
    where figure_id = 'ch2_content_jobs'
    order by step_number, line_number

)

select * from final

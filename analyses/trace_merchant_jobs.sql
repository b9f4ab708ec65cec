-- 372.9: merchant jobs, 万.
--     dbt show --select trace_merchant_jobs --limit 200
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
    where figure_id = 'table_2_2_merchant_jobs'
    order by step_number, line_number

)

select * from final

-- 922.9, rounded 923: e-commerce ecosystem jobs, 万.
--     dbt show --select trace_e_commerce_jobs --limit 200
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
    where figure_id = 'ch2_e_commerce_jobs'
    order by step_number, line_number

)

select * from final

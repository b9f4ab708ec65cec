-- 2000: direct jobs, 万.
--     dbt show --select trace_direct_jobs --limit 200
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
    where figure_id = 'ch2_direct_jobs'
    order by step_number, line_number

)

select * from final

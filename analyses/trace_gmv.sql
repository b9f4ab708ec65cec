-- 6168: GMV of the trailing four quarters, 亿元.
--     dbt show --select trace_gmv --limit 200
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
    where figure_id = 'ch2_gmv_trailing_four_quarters'
    order by step_number, line_number

)

select * from final

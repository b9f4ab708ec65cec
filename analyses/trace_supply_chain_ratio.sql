-- 1.475: supply-chain ratio.
--     dbt show --select trace_supply_chain_ratio --limit 200
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
    where figure_id = 'ch2_supply_chain_ratio'
    order by step_number, line_number

)

select * from final

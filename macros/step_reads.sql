{#- What each step of a report reads: steps, inputs and, where a GMV is built from several,
    disclosures. An input stands where it is read and has no order.

    steps    relation of steps, as in int_verdicts__report_steps -#}
{% macro step_reads(steps) -%}
    select distinct
        readers.report_id,
        readers.step_id as reader_id,
        nullif(readers.evaluation_order, 0) as evaluation_order,
        operands.step_id
    from {{ steps }} as readers
    inner join {{ steps }} as operands
        on
            readers.report_id = operands.report_id
            and {{ is_listed('operands.step_id', names_in_formula('readers.formula')) }}
{%- endmacro %}

-- The traces laid out for `dbt show`, which prints six columns of twenty characters
-- and cuts off the rest: longer texts run on over several lines.
{{ config(materialized='view') }}

{% set columns = ['step', 'quantity', 'formula', 'value', 'stands_in', 'evidence'] %}

with recursive blocks as (

    select * from {{ ref('int_report__trace_blocks') }}

),

cells as (

    {% for column_name in columns %}
        select
            figure_id,
            step_number,
            '{{ column_name }}' as column_name,
            {{ column_name }} as cell
        from blocks
        {{ 'union all' if not loop.last }}
    {% endfor %}

),

lines as (

    select
        figure_id,
        step_number,
        column_name,
        1 as line_number,
        {{ first_line('cell', 20) }} as line,
        substr(cell, 1 + length({{ first_line('cell', 20) }})) as remainder
    from cells

    union all

    select
        figure_id,
        step_number,
        column_name,
        line_number + 1 as line_number,
        {{ first_line('remainder', 20) }} as line,
        substr(remainder, 1 + length({{ first_line('remainder', 20) }})) as remainder
    from lines
    where length(remainder) > 0

),

final as (

    select
        figure_id,
        step_number,
        line_number,
        max(case when column_name = 'step' then trim(line) end) as step,
        max(case when column_name = 'quantity' then trim(line) end) as quantity,
        max(case when column_name = 'formula' then trim(line) end) as formula,
        max(case when column_name = 'value' then trim(line) end) as value,
        max(case when column_name = 'stands_in' then trim(line) end) as stands_in,
        max(case when column_name = 'evidence' then trim(line) end) as evidence
    from lines
    group by figure_id, step_number, line_number

)

select * from final

-- How a figure is calculated, with the values substituted and the cells that they are in:
--     dbt show -s trace_figure --vars 'figure_id: ch2_total_jobs' --limit 200
-- `report_id` names another report than the default one. dbt prints six columns of
-- twenty characters: longer texts run on in the next lines.
{% set columns = ['step', 'formula', 'calculation', 'value', 'evidence', 'cell'] %}
{% set width = 20 %}

with traces as (

    select * from {{ ref('aud_traces') }}

),

reports as (

    select * from {{ ref('dim_reports') }}

),

pieces as (

    {% for number in range(12) %}
        select {{ number }} as piece
        {{ 'union all' if not loop.last }}
    {% endfor %}

),

steps as (

    select
        traces.step_number,
        traces.step_id || replace(' ' || traces.element_id, ' -', '') as step,
        coalesce(traces.formula, '') as formula,
        coalesce(traces.calculation, '') as calculation,
        {{ plain_number('traces.value') }} || ' ' || traces.unit as value,
        traces.weakest_provenance || coalesce(' ' || traces.source_id, '') as evidence,
        coalesce(traces.seed, '') || coalesce(':' || traces.seed_line, '') as cell
    from traces
    inner join reports
        on traces.report_id = reports.report_id
    where
        traces.figure_id = '{{ var("figure_id", "") }}'
        and case '{{ var("report_id", "") }}'
            when '' then reports.is_default
            else
                traces.report_id
                = '{{ var("report_id", "") }}'
        end

),

final as (

    select
    {% for column_name in columns %}
            substr({{ column_name }}, 1 + {{ width }} * pieces.piece, {{ width }})
                as {{ column_name }}
            {{- ',' if not loop.last }}
    {% endfor %}
    from steps
    inner join pieces
        on
            {{ width }} * pieces.piece < greatest(
                length(step), length(formula), length(calculation), length(value),
                length(evidence), length(cell)
            )
    order by steps.step_number, pieces.piece

)

select * from final

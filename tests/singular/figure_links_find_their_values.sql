-- Of the reports that this build has.
with linked_values as (

    select * from {{ ref('int_verdicts__linked_values') }}

),

cells as (

    select * from {{ ref('figure_links') }}

),

problems as (

    select
        cells.seed_file as seed,
        cells.seed_line,
        cells.name as value,
        {{ row_name(['cells.report_id', 'cells.figure_id']) }}
        || ': ' || cells.relation || ' has no ' || cells.name
        || case
            when cells.element_id = {{ no_element() }} then ''
            else ' ' || cells.element_id
        end as problem
    from linked_values
    inner join cells
        on
            linked_values.report_id = cells.report_id
            and linked_values.figure_id = cells.figure_id
    where linked_values.warehouse_value is null

    union all

    select
        null as seed,
        null as seed_line,
        null as value,
        report_id || ': ' || count(headline_order)
        || ' headline figures are linked, the last is number ' || max(headline_order)
            as problem
    from linked_values
    group by report_id
    having count(headline_order) != max(headline_order)

)

select * from problems

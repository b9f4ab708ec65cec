-- Of the reports that this build has.
with linked_values as (

    select * from {{ ref('int_verdicts__linked_values') }}

),

reconciliation as (

    select * from {{ ref('aud_figure_reconciliation') }}

),

problems as (

    select
        {{ row_name(['linked_values.report_id', 'linked_values.figure_id']) }}
        || ': not in the figure ledger' as problem
    from linked_values
    left join reconciliation
        on
            linked_values.report_id = reconciliation.report_id
            and linked_values.figure_id = reconciliation.figure_id
    where reconciliation.figure_id is null

    union all

    select
        {{ row_name(['report_id', 'figure_id']) }}
        || ': ' || relation || ' has no ' || name
        || case when element_id = {{ no_element() }} then '' else ' ' || element_id end
            as problem
    from linked_values
    where warehouse_value is null

    union all

    select
        report_id || ': ' || count(headline_order)
        || ' headline figures are linked, the last is number ' || max(headline_order)
            as problem
    from linked_values
    group by report_id
    having count(headline_order) != max(headline_order)

)

{{ stop_if_any('problems') }}

with linked_figures as (

    select * from {{ ref('int_report__linked_figures') }}

),

problems as (

    select figure_id || ': not in the figure ledger' as problem
    from linked_figures
    where published_value is null

    union all

    select
        figure_id || ': ' || model_name || ' has no ' || column_name || ' for '
        || row_key as problem
    from linked_figures
    where warehouse_value is null

    union all

    select
        count(headline_order) || ' headline figures are linked, the last is number '
        || max(headline_order) as problem
    from linked_figures
    -- none at all is for the suite of rpt_headline_totals to judge: a build may leave
    -- out the platform of the report
    having count(headline_order) != max(headline_order)

)

{{ stop_if_any('problems') }}

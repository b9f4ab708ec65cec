-- Every figure of a report beside what it can be compared with: the value of this build
-- and the figure which it repeats.
with figures as (

    select * from {{ ref('stg_report__figure_ledger') }}

),

reports as (

    select * from {{ ref('dim_reports') }}

),

linked_values as (

    select * from {{ ref('int_verdicts__linked_values') }}

),

restatements as (

    select * from {{ ref('int_verdicts__restatements') }}

),

final as (

    select
        figures.report_id,
        figures.figure_id,
        own.basis as own_basis,
        own.headline_order,
        -- a figure that repeats another one takes over its value
        linked.basis,
        linked.relation,
        linked.name,
        linked.element_id,
        linked.warehouse_value,
        cast(linked.warehouse_value - figures.value as decimal(28, 10)) as difference,
        figures.rounding_half_width as tolerance,
        linked.weakest_provenance,
        restatements.restated_value,
        restatements.difference as restated_difference,
        restatements.tolerance as restated_tolerance,
        -- a link that leads to no value is a difference too
        linked.figure_id is not null and coalesce(
            abs(linked.warehouse_value - figures.value) > figures.rounding_half_width,
            true
        ) or not coalesce(restatements.is_same_value, true) as has_other_value,
        not coalesce(restatements.is_same_unit, true) as has_other_unit
    from figures
    inner join reports
        on figures.report_id = reports.report_id
    left join restatements
        on
            figures.report_id = restatements.report_id
            and figures.figure_id = restatements.figure_id
    left join linked_values as own
        on
            figures.report_id = own.report_id
            and figures.figure_id = own.figure_id
    left join linked_values as linked
        on
            figures.report_id = linked.report_id
            and coalesce(own.figure_id, restatements.linked_figure_id)
            = linked.figure_id

)

select * from final

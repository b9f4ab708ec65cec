-- Every figure beside what it can be compared with: the value of this build (its own,
-- or that of the figure which it repeats) and the figure which it repeats.
with figures as (

    select * from {{ ref('stg_report__figure_ledger') }}

),

linked_figures as (

    select * from {{ ref('int_report__linked_figures') }}

),

restatements as (

    select * from {{ ref('int_report__restatements') }}

),

linked as (

    select
        figures.figure_id,
        figures.value,
        figures.rounding_half_width,
        own.basis as own_basis,
        coalesce(own.figure_id, restatements.linked_figure_id) as linked_figure_id
    from figures
    left join linked_figures as own
        on figures.figure_id = own.figure_id
    left join restatements
        on figures.figure_id = restatements.figure_id

),

final as (

    select
        linked.figure_id,
        linked.own_basis,
        linked_figures.basis,
        linked_figures.model_name,
        linked_figures.row_key,
        linked_figures.column_name,
        linked_figures.warehouse_value,
        cast(
            linked_figures.warehouse_value - linked.value as decimal(28, 10)
        ) as difference,
        linked.rounding_half_width as tolerance,
        linked_figures.weakest_provenance,
        restatements.restated_value,
        restatements.difference as restated_difference,
        restatements.tolerance as restated_tolerance,
        -- a link that leads to no value is a difference too
        linked_figures.figure_id is not null and coalesce(
            abs(linked_figures.warehouse_value - linked.value)
            > linked.rounding_half_width,
            true
        ) or not coalesce(restatements.is_same_value, true) as has_other_value,
        not coalesce(restatements.is_same_unit, true) as has_other_unit
    from linked
    left join linked_figures
        on linked.linked_figure_id = linked_figures.figure_id
    left join restatements
        on linked.figure_id = restatements.figure_id

)

select * from final

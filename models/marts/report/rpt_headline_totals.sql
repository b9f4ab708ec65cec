with linked_figures as (

    select * from {{ ref('int_report__linked_figures') }}

),

figures as (

    select * from {{ ref('stg_report__figure_ledger') }}

),

final as (

    select
        linked_figures.figure_id,
        linked_figures.headline_order,
        figures.subject_zh,
        figures.subject_en,
        figures.unit,
        linked_figures.published_value,
        linked_figures.warehouse_value,
        linked_figures.difference,
        linked_figures.rounding_half_width,
        linked_figures.is_reproduced,
        linked_figures.basis,
        linked_figures.weakest_provenance
    from linked_figures
    inner join figures
        on linked_figures.figure_id = figures.figure_id
    where linked_figures.headline_order is not null

)

select * from final

-- A figure that repeats another one beside it, and the figure of the chain that both
-- come from: the nearest one along the repeats that has a value in the warehouse.
with recursive figures as (

    select * from {{ ref('stg_report__figure_ledger') }}

),

links as (

    select * from {{ ref('stg_report__figure_links') }}

),

repeats as (

    select
        report_id,
        figure_id,
        restates_figure_id as origin_figure_id,
        1 as steps
    from figures
    where restates_figure_id is not null

    union all

    select
        repeats.report_id,
        repeats.figure_id,
        figures.restates_figure_id as origin_figure_id,
        repeats.steps + 1 as steps
    from repeats
    inner join figures
        on
            repeats.report_id = figures.report_id
            and repeats.origin_figure_id = figures.figure_id
    where
        figures.restates_figure_id is not null
        -- a loop of repeats would never end
        and repeats.steps < 10

),

linked_origins as (

    select
        repeats.report_id,
        repeats.figure_id,
        repeats.origin_figure_id,
        row_number() over (
            partition by repeats.report_id, repeats.figure_id order by repeats.steps
        ) as nearness
    from repeats
    inner join links
        on
            repeats.report_id = links.report_id
            and repeats.origin_figure_id = links.figure_id

),

final as (

    select
        figures.report_id,
        figures.figure_id,
        figures.restates_figure_id,
        restated.value as restated_value,
        restated.unit as restated_unit,
        cast(restated.value - figures.value as decimal(28, 10)) as difference,
        greatest(figures.rounding_half_width, restated.rounding_half_width)
            as tolerance,
        abs(restated.value - figures.value)
        <= greatest(figures.rounding_half_width, restated.rounding_half_width)
            as is_same_value,
        restated.unit = figures.unit as is_same_unit,
        linked_origins.origin_figure_id as linked_figure_id
    from figures
    inner join figures as restated
        on
            figures.report_id = restated.report_id
            and figures.restates_figure_id = restated.figure_id
    left join linked_origins
        on
            figures.report_id = linked_origins.report_id
            and figures.figure_id = linked_origins.figure_id
            and linked_origins.nearness = 1

)

select * from final

-- Every figure of the reports of this build as it is written: next to the figure that it
-- repeats, and the figure of the chain that both come from, the nearest one along the
-- repeats that is linked to a value.
with recursive figures as (

    select * from {{ ref('stg_report__figure_ledger') }}

),

reports as (

    select * from {{ ref('dim_reports') }}

),

units as (

    select * from {{ ref('dim_units') }}

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

origins as (

    select
        report_id,
        figure_id,
        origin_figure_id,
        row_number() over (
            partition by report_id, figure_id order by steps desc
        ) as distance
    from repeats

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
    inner join figures
        on
            repeats.report_id = figures.report_id
            and repeats.origin_figure_id = figures.figure_id
            and figures.link_relation is not null

),

final as (

    select
        figures.*,
        units.name_zh as unit_zh,
        units.name_en as unit_en,
        cast(figures.value as double) * units.scale as amount,
        -- a length of a list, a rank or an ordinal is not an amount of anything
        units.dimension not in ('items', 'positions') as is_amount,
        coalesce(origins.origin_figure_id, figures.figure_id) as origin_figure_id,
        case
            when figures.comparator = 'equal' then '末位印刷数字的半个单位'
            else '报告给出界限或约数，链条按所印数字计算：末位印刷数字的半个单位'
        end as tolerance_reason_zh,
        case
            when figures.comparator = 'equal'
                then 'half a unit of the last printed digit'
            else
                'the report gives a bound or a round number and the chain takes the '
                || 'number as printed: half a unit of its last digit'
        end as tolerance_reason_en,
        restated.value as restated_value,
        coalesce(
            abs(restated.value - figures.value)
            > greatest(figures.rounding_half_width, restated.rounding_half_width),
            false
        ) as restates_other_value,
        coalesce(restated.unit != figures.unit, false) as has_other_unit,
        case
            when figures.link_relation != 'claims' then figures.figure_id
            else linked_origins.origin_figure_id
        end as linked_figure_id
    from figures
    inner join reports
        on figures.report_id = reports.report_id
    inner join units
        on figures.unit = units.unit
    left join figures as restated
        on
            figures.report_id = restated.report_id
            and figures.restates_figure_id = restated.figure_id
    left join origins
        on
            figures.report_id = origins.report_id
            and figures.figure_id = origins.figure_id
            and origins.distance = 1
    left join linked_origins
        on
            figures.report_id = linked_origins.report_id
            and figures.figure_id = linked_origins.figure_id
            and linked_origins.nearness = 1

)

select * -- noqa: AM04
from final

-- Every number of a report beside the value of this build, and how strong a check that
-- is. A difference without a written reason contradicts, whatever the figure rests on.
with figures as (

    select * from {{ ref('int_verdicts__figures') }}

),

linked_values as (

    select * from {{ ref('int_verdicts__linked_values') }}

),

grounds as (

    select * from {{ ref('int_verdicts__grounds') }}

),

excused_differences as (

    select * from {{ ref('excused_differences') }}

),

compared as (

    select
        figures.*,
        -- a figure that repeats another one takes over its value
        linked.relation,
        linked.name,
        linked.element_id,
        linked.warehouse_value,
        linked.weakest_provenance,
        grounds.strength as linked_strength,
        coalesce(grounds.handed_on_figure_id, figures.origin_figure_id) as number_id,
        outside_values.outside_value,
        outside_values.outside_half_width,
        value_excuses.aspect as value_excuse,
        unit_excuses.aspect as unit_excuse,
        coalesce(value_excuses.reason_zh, unit_excuses.reason_zh) as excuse_zh,
        coalesce(value_excuses.reason_en, unit_excuses.reason_en) as excuse_en,
        -- a link that leads to no value is a difference too
        linked.figure_id is not null
        and coalesce(abs(linked.warehouse_value - figures.value), 1e10)
        > figures.rounding_half_width
        or figures.restates_other_value
        or coalesce(
            abs(outside_values.outside_value - figures.value)
            > outside_values.outside_half_width + figures.rounding_half_width,
            false
        ) as has_other_value
    from figures
    left join linked_values as linked
        on
            figures.report_id = linked.report_id
            and figures.linked_figure_id = linked.figure_id
    left join {{ ref('int_verdicts__outside_values') }} as outside_values
        on
            figures.report_id = outside_values.report_id
            and figures.link_relation = outside_values.relation
            and figures.link_name = outside_values.name
    left join grounds
        on
            figures.report_id = grounds.report_id
            and figures.origin_figure_id = grounds.figure_id
    left join excused_differences as value_excuses
        on
            figures.report_id = value_excuses.report_id
            and figures.figure_id = value_excuses.figure_id
            and value_excuses.aspect in ('value', 'contradiction')
    left join excused_differences as unit_excuses
        on
            figures.report_id = unit_excuses.report_id
            and figures.figure_id = unit_excuses.figure_id
            and unit_excuses.aspect = 'unit'

),

final as (

    select
        report_id,
        figure_id,
        number_id,
        chapter,
        section,
        location,
        topic,
        subject_zh,
        subject_en,
        role,
        mechanism_level,
        period,
        comparator,
        value as published_value,
        value_upper as published_value_upper,
        unit,
        unit_zh,
        unit_en,
        is_amount,
        case
            -- one that is known to contradict still does
            when
                has_other_value and coalesce(value_excuse, 'none') != 'value'
                or has_other_unit and unit_excuse is null
                then 'contradicted'
            when not is_amount then null
            when restates_figure_id is not null then 'restated'
            when outside_value is not null and linked_strength != 'circular'
                then 'tested'
            else coalesce(linked_strength, 'unchecked')
        end as strength,
        headline_order,
        warehouse_value,
        cast(warehouse_value - value as decimal(28, 10)) as difference,
        rounding_half_width as tolerance,
        tolerance_reason_zh,
        tolerance_reason_en,
        outside_value,
        outside_half_width,
        relation,
        name,
        element_id,
        weakest_provenance,
        restates_figure_id,
        restated_value,
        has_other_value,
        has_other_unit,
        excuse_zh,
        excuse_en,
        -- a bound that the chain takes as a number, or makes of bounds, is not kept to
        warehouse_value is not null
        and value_excuse is null
        and (
            comparator = 'equal'
            or linked_strength in ('tested', 'arithmetic', 'circular')
            and warehouse_value != value
        ) as is_pinned,
        provenance,
        source_id,
        quotation,
        note
    from compared

)

select * from final

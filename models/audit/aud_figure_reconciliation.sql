-- Every number of a report with the value of this build and its verification status: what
-- it is calculated from, and who else has checked it. A difference without a recorded
-- reason contradicts in any case.
with figures as (

    select * from {{ ref('int_verification__figures') }}

),

linked_values as (

    select * from {{ ref('int_verification__computed_values') }}

),

grounds as (

    select * from {{ ref('int_verification__status') }}

),

known_differences as (

    select * from {{ ref('known_differences') }}

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
        grounds.link_status,
        coalesce(grounds.handed_on_figure_id, figures.origin_figure_id) as number_id,
        outside_values.outside_value,
        outside_values.outside_half_width,
        known_values.aspect as value_aspect,
        known_units.aspect as unit_aspect,
        coalesce(known_values.reason_zh, known_units.reason_zh) as reason_zh,
        coalesce(known_values.reason_en, known_units.reason_en) as reason_en,
        -- a link that leads to no value is a difference too
        linked.figure_id is not null
        and coalesce(abs(linked.warehouse_value - figures.value), 1e10)
        > figures.rounding_half_width
        or figures.restates_other_value
        or coalesce(
            abs(outside_values.outside_value - figures.value)
            > outside_values.outside_half_width + figures.rounding_half_width,
            false
        ) as differs_from_reference
    from figures
    left join linked_values as linked
        on
            figures.report_id = linked.report_id
            and figures.linked_figure_id = linked.figure_id
    left join {{ ref('int_verification__outside_values') }} as outside_values
        on
            figures.report_id = outside_values.report_id
            and figures.link_relation = outside_values.relation
            and figures.link_name = outside_values.name
    left join grounds
        on
            figures.report_id = grounds.report_id
            and figures.origin_figure_id = grounds.figure_id
    left join known_differences as known_values
        on
            figures.report_id = known_values.report_id
            and figures.figure_id = known_values.figure_id
            and known_values.aspect in ('value', 'contradiction')
    left join known_differences as known_units
        on
            figures.report_id = known_units.report_id
            and figures.figure_id = known_units.figure_id
            and known_units.aspect = 'unit'

),

comparisons as (

    select * from {{ ref('int_outside__comparisons') }}

),

-- of a number that a report prints several times all comparisons count
outside_checks as (

    select
        compared.report_id,
        compared.number_id,
        bool_or(
            comparisons.verdict = 'contradicts' and comparisons.is_independent
        ) as is_contradicted,
        bool_or(
            comparisons.weight = 'test'
            and comparisons.is_independent
            and comparisons.verdict = 'differs'
        ) as is_disputed,
        bool_or(
            comparisons.weight = 'test'
            and comparisons.is_independent
            and comparisons.verdict = 'agrees'
        ) as is_corroborated,
        bool_or(
            comparisons.verdict = 'agrees'
            and (
                comparisons.weight = 'source'
                or comparisons.weight = 'test' and not comparisons.is_independent
            )
        ) as is_consistent,
        count(
            distinct case
                when comparisons.weight = 'test' and comparisons.is_independent
                    then comparisons.equation_id
            end
        ) as independent_equations
    from compared
    inner join comparisons
        on
            compared.report_id = comparisons.report_id
            and compared.figure_id = comparisons.figure_id
    group by compared.report_id, compared.number_id

),

statuses as (

    select
        compared.report_id,
        compared.figure_id,
        compared.number_id,
        coalesce(outside_checks.independent_equations, 0) as independent_equations,
        case
            when
                outside_checks.is_contradicted
                or compared.differs_from_reference and compared.value_aspect is null
                or compared.has_other_unit and compared.unit_aspect is null
                then 'contradicted'
            when outside_checks.is_disputed then 'disputed'
            when outside_checks.is_corroborated then 'corroborated'
            when
                outside_checks.is_consistent
                or coalesce(compared.link_status, '') != 'circular'
                and compared.outside_value is not null
                or compared.link_status = 'consistent'
                then 'consistent'
            -- a length of a list that the build counts too
            when not compared.is_amount and compared.warehouse_value is not null
                then 'arithmetic'
            when compared.link_status in ('arithmetic', 'circular', 'assumed')
                then compared.link_status
            when
                compared.link_status = 'taken_as_printed'
                and coalesce(compared.role, '') != 'evidence'
                then 'taken_as_printed'
            else 'unchecked'
        end as verification_status
    from compared
    left join outside_checks
        on
            compared.report_id = outside_checks.report_id
            and compared.number_id = outside_checks.number_id

),

number_statuses as (

    select
        statuses.report_id,
        statuses.number_id,
        min_by(known.verification_status, known.status_rank) as verification_status,
        max(statuses.independent_equations) as independent_equations
    from statuses
    inner join {{ ref('dim_verification_statuses') }} as known
        on statuses.verification_status = known.verification_status
    group by statuses.report_id, statuses.number_id

),

checked as (

    select
        compared.*,
        number_statuses.verification_status,
        number_statuses.independent_equations
    from compared
    inner join number_statuses
        on
            compared.report_id = number_statuses.report_id
            and compared.number_id = number_statuses.number_id

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
        printed,
        printed_low,
        printed_high,
        place,
        state,
        checkable,
        value as published_value,
        value_upper as published_value_upper,
        unit,
        unit_zh,
        unit_en,
        is_amount,
        verification_status,
        independent_equations,
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
        differs_from_reference,
        has_other_unit,
        -- a contradiction that is known still is one
        differs_from_reference and coalesce(value_aspect, 'none') != 'value'
        or has_other_unit and unit_aspect is null
            as contradicts_reference,
        reason_zh,
        reason_en,
        -- a bound that the chain takes as a number, or makes of bounds, is not kept to
        warehouse_value is not null
        and value_aspect is null
        and (
            comparator = 'equal'
            or link_status in ('consistent', 'arithmetic', 'circular')
            and warehouse_value != value
        ) as is_pinned,
        provenance,
        source_id,
        quotation,
        note
    from checked

)

select * from final

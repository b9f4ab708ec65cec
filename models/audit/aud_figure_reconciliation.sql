-- Every number of a report beside the value of this build, with a verdict. A difference
-- without a written reason contradicts, whatever the figure is linked to.
with figures as (

    select * from {{ ref('int_verdicts__figures') }}

),

linked_values as (

    select * from {{ ref('int_verdicts__linked_values') }}

),

excused_differences as (

    select * from {{ ref('excused_differences') }}

),

accepted_verdicts as (

    select * from {{ ref('accepted_verdicts') }}

),

compared as (

    select
        figures.*,
        own.basis as own_basis,
        own.headline_order,
        -- a figure that repeats another one takes over its value
        linked.basis,
        linked.relation,
        linked.name,
        linked.element_id,
        linked.warehouse_value,
        linked.weakest_provenance,
        -- a figure that is not listed is evidence
        coalesce(accepted_verdicts.verdict, 'evidence') as accepted_verdict,
        -- a link that leads to no value is a difference too
        linked.figure_id is not null and coalesce(
            abs(linked.warehouse_value - figures.value) > figures.rounding_half_width,
            true
        ) or figures.restates_other_value as has_other_value
    from figures
    left join linked_values as own
        on
            figures.report_id = own.report_id
            and figures.figure_id = own.figure_id
    left join linked_values as linked
        on
            figures.report_id = linked.report_id
            and coalesce(own.figure_id, figures.linked_figure_id) = linked.figure_id
    left join accepted_verdicts
        on
            figures.report_id = accepted_verdicts.report_id
            and figures.figure_id = accepted_verdicts.figure_id

),

judged as (

    select
        compared.*,
        coalesce(value_excuses.reason_zh, unit_excuses.reason_zh) as excuse_zh,
        coalesce(value_excuses.reason_en, unit_excuses.reason_en) as excuse_en,
        value_excuses.figure_id is not null as is_excused,
        compared.has_other_value and value_excuses.figure_id is null
        or compared.has_other_unit and unit_excuses.figure_id is null
            as is_contradicted
    from compared
    left join excused_differences as value_excuses
        on
            compared.report_id = value_excuses.report_id
            and compared.figure_id = value_excuses.figure_id
            and compared.has_other_value
            and value_excuses.aspect = 'value'
    left join excused_differences as unit_excuses
        on
            compared.report_id = unit_excuses.report_id
            and compared.figure_id = unit_excuses.figure_id
            and compared.has_other_unit
            and unit_excuses.aspect = 'unit'

),

final as (

    select
        report_id,
        figure_id,
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
        case
            when is_contradicted then 'contradicted'
            when own_basis is not null then own_basis
            when restated_value is not null then 'restated'
            else 'evidence'
        end as verdict,
        accepted_verdict,
        headline_order,
        basis,
        warehouse_value,
        cast(warehouse_value - value as decimal(28, 10)) as difference,
        rounding_half_width as tolerance,
        case when warehouse_value is not null then tolerance_reason_zh end
            as tolerance_reason_zh,
        case when warehouse_value is not null then tolerance_reason_en end
            as tolerance_reason_en,
        relation,
        name,
        element_id,
        weakest_provenance,
        restates_figure_id,
        restated_value,
        restated_difference,
        restated_tolerance,
        has_other_value,
        has_other_unit,
        excuse_zh,
        excuse_en,
        coalesce(basis != 'given', false) as is_reproducible,
        coalesce(
            basis in ('recomputed', 'recomputed_with_implied_input')
            and not is_contradicted,
            false
        ) as is_reproduced,
        -- the expectations hold it to the published value
        coalesce(
            basis != 'given' and accepted_verdict != 'contradicted' and not is_excused,
            false
        ) as is_pinned,
        provenance,
        source_id,
        quotation,
        note
    from judged

)

select * from final

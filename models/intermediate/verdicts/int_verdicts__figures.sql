-- What this build can say of each figure of a report. A difference without a written
-- reason contradicts, whatever the figure is linked to.
with compared as (

    select * from {{ ref('int_verdicts__comparisons') }}

),

excused_differences as (

    select * from {{ ref('stg_report__excused_differences') }}

),

accepted_verdicts as (

    select * from {{ ref('stg_report__accepted_verdicts') }}

),

excused as (

    select
        compared.*,
        coalesce(value_excuses.reason_zh, unit_excuses.reason_zh) as excuse_zh,
        coalesce(value_excuses.reason_en, unit_excuses.reason_en) as excuse_en,
        -- a figure that is not listed is evidence
        coalesce(accepted_verdicts.verdict, 'evidence') as accepted_verdict,
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
    left join accepted_verdicts
        on
            compared.report_id = accepted_verdicts.report_id
            and compared.figure_id = accepted_verdicts.figure_id

),

final as (

    select
        report_id,
        figure_id,
        own_basis,
        headline_order,
        basis,
        relation,
        name,
        element_id,
        warehouse_value,
        difference,
        tolerance,
        weakest_provenance,
        restated_value,
        restated_difference,
        restated_tolerance,
        has_other_value,
        has_other_unit,
        excuse_zh,
        excuse_en,
        accepted_verdict,
        is_excused,
        is_contradicted,
        case
            when is_contradicted then 'contradicted'
            when own_basis is not null then own_basis
            when restated_value is not null then 'restated'
            else 'evidence'
        end as verdict,
        coalesce(basis != 'given', false) as is_reproducible,
        -- the expectations hold it to the published value
        coalesce(
            basis != 'given' and accepted_verdict != 'contradicted' and not is_excused,
            false
        ) as is_pinned,
        coalesce(
            basis in ('recomputed', 'recomputed_with_implied_input')
            and not is_contradicted,
            false
        ) as is_reproduced
    from excused

)

select * from final

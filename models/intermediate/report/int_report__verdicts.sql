-- What this build can say of each figure. A difference without a written reason
-- contradicts, whatever the figure is linked to.
with compared_figures as (

    select * from {{ ref('int_report__compared_figures') }}

),

excused_differences as (

    select * from {{ ref('stg_report__excused_differences') }}

),

excused as (

    select
        compared_figures.*,
        value_excuses.reason_zh as value_excuse_zh,
        value_excuses.reason_en as value_excuse_en,
        unit_excuses.reason_zh as unit_excuse_zh,
        unit_excuses.reason_en as unit_excuse_en,
        compared_figures.has_other_value and value_excuses.figure_id is null
        or compared_figures.has_other_unit and unit_excuses.figure_id is null
            as is_contradicted
    from compared_figures
    left join excused_differences as value_excuses
        on
            compared_figures.figure_id = value_excuses.figure_id
            and compared_figures.has_other_value
            and value_excuses.aspect = 'value'
    left join excused_differences as unit_excuses
        on
            compared_figures.figure_id = unit_excuses.figure_id
            and compared_figures.has_other_unit
            and unit_excuses.aspect = 'unit'

),

final as (

    select
        figure_id,
        case
            when is_contradicted then 'contradicted'
            when own_basis is not null then own_basis
            when restated_value is not null then 'restated'
            else 'evidence'
        end as verdict,
        coalesce(basis != 'given', false) as is_reproducible,
        coalesce(
            basis in ('recomputed', 'recomputed_with_implied_input')
            and not is_contradicted,
            false
        ) as is_reproduced,
        coalesce(value_excuse_zh, unit_excuse_zh) as excuse_zh,
        coalesce(value_excuse_en, unit_excuse_en) as excuse_en
    from excused

)

select * from final

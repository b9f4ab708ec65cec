-- Every number of the report with a verdict on it.
with figures as (

    select * from {{ ref('stg_report__figure_ledger') }}

),

verdicts as (

    select * from {{ ref('int_verdicts__figures') }}

),

units as (

    select * from {{ ref('dim_units') }}

),

final as (

    select
        figures.report_id,
        figures.figure_id,
        figures.chapter,
        figures.section,
        figures.location,
        figures.topic,
        figures.subject_zh,
        figures.subject_en,
        figures.role,
        figures.mechanism_level,
        figures.period,
        figures.comparator,
        figures.value as published_value,
        figures.value_upper as published_value_upper,
        figures.unit,
        units.name_zh as unit_zh,
        units.name_en as unit_en,
        verdicts.verdict,
        verdicts.accepted_verdict,
        verdicts.headline_order,
        verdicts.basis,
        verdicts.warehouse_value,
        verdicts.difference,
        verdicts.tolerance,
        case
            when verdicts.warehouse_value is null then null
            when figures.comparator = 'equal' then '末位印刷数字的半个单位'
            else '报告给出界限或约数，链条按所印数字计算：末位印刷数字的半个单位'
        end as tolerance_reason_zh,
        case
            when verdicts.warehouse_value is null then null
            when figures.comparator = 'equal'
                then 'half a unit of the last printed digit'
            else
                'the report gives a bound or a round number and the chain takes the '
                || 'number as printed: half a unit of its last digit'
        end as tolerance_reason_en,
        verdicts.relation,
        verdicts.name,
        verdicts.element_id,
        verdicts.weakest_provenance,
        figures.restates_figure_id,
        verdicts.restated_value,
        verdicts.restated_difference,
        verdicts.restated_tolerance,
        verdicts.has_other_value,
        verdicts.has_other_unit,
        verdicts.excuse_zh,
        verdicts.excuse_en,
        verdicts.is_reproducible,
        verdicts.is_reproduced,
        verdicts.is_pinned,
        figures.provenance,
        figures.source_id,
        figures.quotation,
        figures.note
    from figures
    inner join verdicts
        on
            figures.report_id = verdicts.report_id
            and figures.figure_id = verdicts.figure_id
    inner join units
        on figures.unit = units.unit

)

select * from final

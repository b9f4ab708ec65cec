-- Every number of the report with a verdict on it.
with figures as (

    select * from {{ ref('stg_report__figure_ledger') }}

),

compared_figures as (

    select * from {{ ref('int_report__compared_figures') }}

),

verdicts as (

    select * from {{ ref('int_report__verdicts') }}

),

units as (

    select * from {{ ref('dim_units') }}

),

final as (

    select
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
        compared_figures.warehouse_value,
        compared_figures.difference,
        compared_figures.tolerance,
        case
            when compared_figures.warehouse_value is null then null
            when figures.comparator = 'equal' then '末位印刷数字的半个单位'
            else '报告给出界限或约数，链条按所印数字计算：末位印刷数字的半个单位'
        end as tolerance_reason_zh,
        case
            when compared_figures.warehouse_value is null then null
            when figures.comparator = 'equal'
                then 'half a unit of the last printed digit'
            else
                'the report gives a bound or a round number and the chain takes the '
                || 'number as printed: half a unit of its last digit'
        end as tolerance_reason_en,
        compared_figures.model_name,
        compared_figures.row_key,
        compared_figures.column_name,
        compared_figures.weakest_provenance,
        figures.restates_figure_id,
        compared_figures.restated_value,
        compared_figures.restated_difference,
        compared_figures.restated_tolerance,
        compared_figures.has_other_value,
        compared_figures.has_other_unit,
        verdicts.excuse_zh,
        verdicts.excuse_en,
        verdicts.is_reproducible,
        verdicts.is_reproduced,
        figures.provenance,
        figures.source_id,
        figures.note
    from figures
    inner join compared_figures
        on figures.figure_id = compared_figures.figure_id
    inner join verdicts
        on figures.figure_id = verdicts.figure_id
    inner join units
        on figures.unit = units.unit

)

select * from final

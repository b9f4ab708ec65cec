-- A number that a report repeats is one number, whatever it is called; figures are its
-- places. Numbers that the calculation has are listed: the chain first, and last those
-- whose outside value is known ten times less exactly than they are printed.
with strengths as (

    select * from {{ ref('dim_strengths') }}

),

reports as (

    select * from {{ ref('dim_reports') }}

),

reconciliation as (

    select * from {{ ref('aud_figure_reconciliation') }}

),

numbered as (

    select
        *,
        figure_id = number_id as is_number,
        relation is not null
        and figure_id = number_id
        and strength is not null as is_calculated,
        coalesce(outside_half_width > 10 * tolerance, false) as is_loose,
        {{ plain_number('published_value') }}
        || case when unit = 'percent' then '%' else '' end as number_text
    from reconciliation

),

final as (

    select
        reports.report_id,
        strengths.strength,
        strengths.strength_rank,
        strengths.name_zh,
        strengths.name_en,
        strengths.phrase_zh,
        strengths.phrase_en,
        strengths.definition_zh,
        strengths.definition_en,
        count(numbered.figure_id) as figures,
        count(case when numbered.is_number then 1 end) as numbers,
        count(case when numbered.is_calculated then 1 end) as calculated_numbers,
        {{ dbt.listagg(
            "case when numbered.is_calculated then "
            "case when numbered.is_loose then '大致' else '' end || numbered.number_text end",
            "'、'",
            "order by numbered.is_loose, coalesce(numbered.headline_order, 99), numbered.figure_id"
        ) }} as printed_numbers_zh,
        {{ dbt.listagg(
            "case when numbered.is_calculated then "
            "case when numbered.is_loose then 'loosely ' else '' end || numbered.number_text end",
            "', '",
            "order by numbered.is_loose, coalesce(numbered.headline_order, 99), numbered.figure_id"
        ) }} as printed_numbers_en
    from reports
    cross join strengths
    left join numbered
        on
            reports.report_id = numbered.report_id
            and strengths.strength = numbered.strength
    group by
        reports.report_id,
        strengths.strength,
        strengths.strength_rank,
        strengths.name_zh,
        strengths.name_en,
        strengths.phrase_zh,
        strengths.phrase_en,
        strengths.definition_zh,
        strengths.definition_en

)

select * from final

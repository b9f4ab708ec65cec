with verdicts as (

    select * from {{ ref('stg_report__verdicts') }}

),

reports as (

    select * from {{ ref('dim_reports') }}

),

reconciliation as (

    select * from {{ ref('aud_figure_reconciliation') }}

),

final as (

    select
        reports.report_id,
        verdicts.verdict,
        verdicts.verdict_rank,
        verdicts.name_zh,
        verdicts.name_en,
        verdicts.definition_zh,
        verdicts.definition_en,
        count(reconciliation.figure_id) as figures,
        count(case when reconciliation.is_reproducible then 1 end)
            as reproducible_figures,
        count(case when reconciliation.is_reproduced then 1 end)
            as reproduced_figures
    from reports
    cross join verdicts
    left join reconciliation
        on
            reports.report_id = reconciliation.report_id
            and verdicts.verdict = reconciliation.verdict
    group by
        reports.report_id,
        verdicts.verdict,
        verdicts.verdict_rank,
        verdicts.name_zh,
        verdicts.name_en,
        verdicts.definition_zh,
        verdicts.definition_en

)

select * from final

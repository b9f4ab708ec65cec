-- depends_on: {{ ref('rpt_verdict_counts') }}
-- depends_on: {{ ref('rpt_exhibits__disclosure') }}
-- so that it runs last: a failed test holds up whatever rests on its models
with reconciliation as (

    select * from {{ ref('aud_figure_reconciliation') }}

),

accepted_verdicts as (

    select * from {{ ref('accepted_verdicts') }}

),

verdicts as (

    select * from {{ ref('stg_report__verdicts') }}

),

reports as (

    select * from {{ ref('dim_reports') }}

),

problems as (

    select
        {{ row_name([
            'reconciliation.report_id',
            'reconciliation.figure_id',
            'reconciliation.subject_zh'
        ]) }}
        || ': '
        || reconciliation.accepted_verdict || ' has become ' || reconciliation.verdict
        || ' (the report says ' || {{ plain_number('reconciliation.published_value') }}
        || ', this build '
        || coalesce({{ plain_number('reconciliation.warehouse_value') }}, 'nothing')
        || ', the repeated figure '
        || coalesce({{ plain_number('reconciliation.restated_value') }}, 'nothing')
        || ')' as problem
    from reconciliation
    inner join verdicts
        on reconciliation.verdict = verdicts.verdict
    inner join verdicts as accepted
        on reconciliation.accepted_verdict = accepted.verdict
    where verdicts.verdict_rank > accepted.verdict_rank

    union all

    select
        {{ row_name(['accepted_verdicts.report_id', 'accepted_verdicts.figure_id']) }}
        || ' has an accepted verdict and is not in the ledger' as problem
    from accepted_verdicts
    inner join reports
        on accepted_verdicts.report_id = reports.report_id
    left join reconciliation
        on
            accepted_verdicts.report_id = reconciliation.report_id
            and accepted_verdicts.figure_id = reconciliation.figure_id
    where reconciliation.figure_id is null

)

{{ stop_if_any('problems') }}

-- depends_on: {{ ref('rpt_verdict_counts') }}
-- depends_on: {{ ref('rpt_chapter_3__mechanism_evidence') }}
-- depends_on: {{ ref('rpt_exhibits__disclosure') }}
-- so that it runs last: a failed test holds up whatever rests on its models
with reconciliation as (

    select * from {{ ref('aud_figure_reconciliation') }}

),

accepted_verdicts as (

    select * from {{ ref('stg_report__accepted_verdicts') }}

),

verdicts as (

    select * from {{ ref('stg_report__verdicts') }}

),

linked_figures as (

    select * from {{ ref('int_report__linked_figures') }}

),

compared as (

    select
        reconciliation.*,
        -- a figure that is not listed is evidence
        coalesce(accepted_verdicts.verdict, 'evidence') as accepted_verdict
    from reconciliation
    left join accepted_verdicts
        on reconciliation.figure_id = accepted_verdicts.figure_id

),

problems as (

    select
        compared.figure_id || ' ' || compared.subject_zh || ': '
        || compared.accepted_verdict || ' has become ' || compared.verdict
        || ' (the report says ' || {{ plain_number('compared.published_value') }}
        || ', this build '
        || coalesce({{ plain_number('compared.warehouse_value') }}, 'nothing')
        || ', the repeated figure '
        || coalesce({{ plain_number('compared.restated_value') }}, 'nothing')
        || ')' as problem
    from compared
    inner join verdicts
        on compared.verdict = verdicts.verdict
    inner join verdicts as accepted
        on compared.accepted_verdict = accepted.verdict
    where
        verdicts.verdict_rank > accepted.verdict_rank
        -- a build without the platform of the report has nothing to compare
        and exists (select 1 from linked_figures)

    union all

    select
        accepted_verdicts.figure_id || ' has an accepted verdict and is not in the '
        || 'ledger' as problem
    from accepted_verdicts
    left join reconciliation
        on accepted_verdicts.figure_id = reconciliation.figure_id
    where reconciliation.figure_id is null

)

{{ stop_if_any('problems') }}

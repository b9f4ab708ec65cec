-- depends_on: {{ ref('aud_strength_counts') }}
-- depends_on: {{ ref('rpt_exhibits__disclosure') }}
-- so that it runs last: a failed test holds up whatever rests on its models
with reconciliation as (

    select * from {{ ref('aud_figure_reconciliation') }}

),

problems as (

    select
        {{ row_name(['report_id', 'figure_id', 'subject_zh']) }}
        || ': the ledger calls it '
        || role
        || ', and nothing is set beside it' as problem
    from reconciliation
    where
        role != 'evidence'
        and strength = 'unchecked'

)

{{ stop_if_any('problems') }}

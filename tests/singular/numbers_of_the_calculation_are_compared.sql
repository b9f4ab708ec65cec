-- depends_on: {{ ref('aud_verification_counts') }}
-- depends_on: {{ ref('aud_exhibits') }}
-- so that it runs last: a failed test holds up whatever depends on its models
with reconciliation as (

    select * from {{ ref('aud_figure_reconciliation') }}

),

cells as (

    select * from {{ ref('figure_ledger') }}

),

problems as (

    select
        cells.seed_file as seed,
        cells.seed_line,
        cells.value,
        {{ row_name([
            'reconciliation.report_id',
            'reconciliation.figure_id',
            'reconciliation.subject_zh'
        ]) }}
        || ': the ledger calls it '
        || reconciliation.role
        || ', and nothing is set beside it' as problem,
        'link it in report/figure_links.csv' as remedy
    from reconciliation
    inner join cells
        on
            reconciliation.report_id = cells.report_id
            and reconciliation.figure_id = cells.figure_id
    where
        reconciliation.role != 'evidence'
        and reconciliation.is_amount
        and reconciliation.verification_status = 'unchecked'

)

select * from problems

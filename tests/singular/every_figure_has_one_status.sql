-- A unit or a status that no list knows would drop a figure silently.
with figures as (

    select * from {{ ref('stg_report__figure_ledger') }}

),

reports as (

    select * from {{ ref('dim_reports') }}

),

reconciliation as (

    select * from {{ ref('aud_figure_reconciliation') }}

),

status_counts as (

    select * from {{ ref('aud_verification_counts') }}

),

totals as (

    select
        reports.report_id,
        count(figures.figure_id) as in_the_ledger,
        (
            select sum(status_counts.figures)
            from status_counts
            where status_counts.report_id = reports.report_id
        ) as counted
    from reports
    left join figures
        on reports.report_id = figures.report_id
    group by reports.report_id

),

problems as (

    select
        {{ row_name(['figures.report_id', 'figures.figure_id']) }}
        || ': in the ledger and not reconciled; is its unit '
        || figures.unit || ' in the seed units?' as problem
    from figures
    inner join reports
        on figures.report_id = reports.report_id
    left join reconciliation
        on
            figures.report_id = reconciliation.report_id
            and figures.figure_id = reconciliation.figure_id
    where reconciliation.figure_id is null

    union all

    select
        report_id || ': the statuses count '
        || coalesce(cast(counted as varchar), 'no')
        || ' figures of ' || in_the_ledger || ' in the ledger' as problem
    from totals
    where (counted = in_the_ledger) is not true

)

select * from problems

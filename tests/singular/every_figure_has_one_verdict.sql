-- A unit or a verdict that no list knows would drop a figure without a word.
with figures as (

    select * from {{ ref('stg_report__figure_ledger') }}

),

reconciliation as (

    select * from {{ ref('aud_figure_reconciliation') }}

),

verdict_counts as (

    select * from {{ ref('rpt_verdict_counts') }}

),

totals as (

    select
        (select count(*) from figures) as in_the_ledger,
        (select sum(figures) from verdict_counts) as counted

),

problems as (

    select
        figures.figure_id || ': in the ledger and not reconciled; is its unit '
        || figures.unit || ' in the seed units?' as problem
    from figures
    left join reconciliation
        on figures.figure_id = reconciliation.figure_id
    where reconciliation.figure_id is null

    union all

    select
        'the verdicts count ' || coalesce(cast(counted as varchar), 'no')
        || ' figures of ' || in_the_ledger || ' in the ledger' as problem
    from totals
    where (counted = in_the_ledger) is not true

)

{{ stop_if_any('problems') }}

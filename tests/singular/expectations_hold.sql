-- A figure that is contradicted is reported by contradictions_are_known.
with results as (

    select * from {{ ref('aud_expectation_results') }}

),

reconciliation as (

    select * from {{ ref('aud_figure_reconciliation') }}

),

problems as (

    select results.message as problem
    from results
    left join reconciliation
        on
            results.report_id = reconciliation.report_id
            and results.figure_id = reconciliation.figure_id
            and reconciliation.contradicts_reference
    where
        not results.is_success
        and reconciliation.figure_id is null

    union all

    select 'no expectation was evaluated' as problem
    from results
    having count(*) = 0

)

select * from problems

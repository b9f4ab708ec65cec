-- depends_on: {{ ref('aud_verification_counts') }}
-- depends_on: {{ ref('aud_exhibits') }}
-- so that it runs last: a failed test holds up whatever depends on its models
with reconciliation as (

    select * from {{ ref('aud_figure_reconciliation') }}

),

known as (

    select * from {{ ref('known_differences') }}
    where aspect = 'contradiction'

),

cells as (

    select * from {{ ref('figure_ledger') }}

),

contradicted as (

    select reconciliation.*
    from reconciliation
    left join known
        on
            reconciliation.report_id = known.report_id
            and reconciliation.figure_id = known.figure_id
    where
        reconciliation.contradicts_reference
        and known.figure_id is null
        -- what has no value is reported by the tests of links and of scenarios
        and coalesce(
            reconciliation.warehouse_value,
            reconciliation.restated_value,
            reconciliation.outside_value
        ) is not null

),

problems as (

    -- a figure that repeats another one is reported with that
    select
        cells.seed_file as seed,
        cells.seed_line,
        cells.value,
        {{ row_name([
            'contradicted.report_id',
            'contradicted.figure_id',
            'contradicted.subject_zh'
        ]) }}
        || ': contradicted (the report says '
        || {{ plain_number('contradicted.published_value') }}
        || ', this build '
        || coalesce({{ plain_number('contradicted.warehouse_value') }}, 'nothing')
        || ', the repeated figure '
        || coalesce({{ plain_number('contradicted.restated_value') }}, 'nothing')
        || ', outside data '
        || coalesce({{ plain_number('contradicted.outside_value') }}, 'nothing')
        || ')' as problem,
        'platform-employment explain ' || contradicted.figure_id
        || ' shows its cells; where the report is wrong, say so in'
        || ' report/known_differences.csv' as remedy
    from contradicted
    inner join cells
        on
            contradicted.report_id = cells.report_id
            and contradicted.figure_id = cells.figure_id
    left join contradicted as repeated
        on
            contradicted.report_id = repeated.report_id
            and contradicted.restates_figure_id = repeated.figure_id
    where repeated.figure_id is null

)

select * from problems

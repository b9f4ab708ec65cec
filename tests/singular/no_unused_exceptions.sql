-- depends_on: {{ ref('aud_verification_counts') }}
-- depends_on: {{ ref('aud_exhibits') }}
-- so that it runs last: a failed test holds up whatever depends on its models
with known_differences as (

    select * from {{ ref('known_differences') }}

),

reports as (

    select * from {{ ref('dim_reports') }}

),

reconciliation as (

    select * from {{ ref('aud_figure_reconciliation') }}

),

problems as (

    select
        known_differences.seed_file as seed,
        known_differences.seed_line,
        known_differences.aspect as value,
        {{ row_name([
            'known_differences.report_id',
            'known_differences.figure_id'
        ]) }}
        || ': its ' || known_differences.aspect
        || ' is listed as a known difference and does not differ' as problem,
        'delete this row' as remedy
    from known_differences
    inner join reports
        on known_differences.report_id = reports.report_id
    left join reconciliation
        on
            known_differences.report_id = reconciliation.report_id
            and known_differences.figure_id = reconciliation.figure_id
            and case known_differences.aspect
                when 'value' then reconciliation.differs_from_reference
                when 'contradiction' then reconciliation.differs_from_reference
                when 'unit' then reconciliation.has_other_unit
            end
    where reconciliation.figure_id is null

)

select * from problems

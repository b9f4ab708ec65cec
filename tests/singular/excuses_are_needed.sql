-- depends_on: {{ ref('aud_strength_counts') }}
-- depends_on: {{ ref('rpt_exhibits__disclosure') }}
-- so that it runs last: a failed test holds up whatever rests on its models
with excused_differences as (

    select * from {{ ref('excused_differences') }}

),

reports as (

    select * from {{ ref('dim_reports') }}

),

reconciliation as (

    select * from {{ ref('aud_figure_reconciliation') }}

),

problems as (

    select
        excused_differences.seed_file as seed,
        excused_differences.seed_line,
        excused_differences.aspect as value,
        {{ row_name([
            'excused_differences.report_id',
            'excused_differences.figure_id'
        ]) }}
        || ': its ' || excused_differences.aspect
        || ' is excused and does not differ' as problem,
        'delete this row' as remedy
    from excused_differences
    inner join reports
        on excused_differences.report_id = reports.report_id
    left join reconciliation
        on
            excused_differences.report_id = reconciliation.report_id
            and excused_differences.figure_id = reconciliation.figure_id
            and case excused_differences.aspect
                when 'value' then reconciliation.has_other_value
                when 'contradiction' then reconciliation.has_other_value
                when 'unit' then reconciliation.has_other_unit
            end
    where reconciliation.figure_id is null

)

select * from problems

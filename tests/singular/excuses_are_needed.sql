-- depends_on: {{ ref('rpt_verdict_counts') }}
-- depends_on: {{ ref('rpt_chapter_3__mechanism_evidence') }}
-- depends_on: {{ ref('rpt_exhibits__disclosure') }}
-- so that it runs last: a failed test holds up whatever rests on its models
with excused_differences as (

    select * from {{ ref('stg_report__excused_differences') }}

),

reconciliation as (

    select * from {{ ref('aud_figure_reconciliation') }}

),

problems as (

    select
        excused_differences.figure_id || ': its ' || excused_differences.aspect
        || ' is excused and does not differ' as problem
    from excused_differences
    left join reconciliation
        on
            excused_differences.figure_id = reconciliation.figure_id
            and case excused_differences.aspect
                when 'value' then reconciliation.has_other_value
                when 'unit' then reconciliation.has_other_unit
            end
    where reconciliation.figure_id is null

)

{{ stop_if_any('problems') }}

-- depends_on: {{ ref('aud_strength_counts') }}
-- depends_on: {{ ref('rpt_exhibits__disclosure') }}
-- so that it runs last: a failed test holds up whatever rests on its models
with reconciliation as (

    select * from {{ ref('aud_figure_reconciliation') }}

),

known as (

    select * from {{ ref('excused_differences') }}
    where aspect = 'contradiction'

),

problems as (

    select
        {{ row_name([
            'reconciliation.report_id',
            'reconciliation.figure_id',
            'reconciliation.subject_zh'
        ]) }}
        || ': contradicted (the report says '
        || {{ plain_number('reconciliation.published_value') }}
        || ', this build '
        || coalesce({{ plain_number('reconciliation.warehouse_value') }}, 'nothing')
        || ', the repeated figure '
        || coalesce({{ plain_number('reconciliation.restated_value') }}, 'nothing')
        || ', outside data '
        || coalesce({{ plain_number('reconciliation.outside_value') }}, 'nothing')
        || '); where the report is wrong, say so in excused_differences' as problem
    from reconciliation
    left join known
        on
            reconciliation.report_id = known.report_id
            and reconciliation.figure_id = known.figure_id
    where reconciliation.strength = 'contradicted' and known.figure_id is null

)

{{ stop_if_any('problems') }}

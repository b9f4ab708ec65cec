-- What the rules say of each report, whether or not a finding is listed for it, with
-- the figures that depend on what it is about.
{% set topics = [
    'checks', 'choices', 'claims', 'curve', 'curve_inputs', 'estimators',
    'industries', 'merchants', 'multipliers', 'national_employment',
    'net_claims', 'other_reports', 'parts', 'printed', 'scenarios',
] %}

with computed as (

    {% for topic in topics %}
        select * from {{ ref('int_findings__' ~ topic) }}
        {{ 'union all' if not loop.last }}
    {% endfor %}

),

affected_figures as (

    select * from {{ ref('int_findings__affected_figures') }}

),

affected as (

    select distinct
        computed.report_id,
        computed.rule,
        computed.subject,
        affected_figures.figure_id,
        affected_figures.position
    from computed
    inner join affected_figures
        on
            computed.report_id = affected_figures.report_id
            and {{ is_listed('affected_figures.name', 'computed.about') }}

),

lists as (

    select
        report_id,
        rule,
        subject,
        {{ dbt.listagg('figure_id', "' '", 'order by position, figure_id') }}
            as figure_ids
    from affected
    group by report_id, rule, subject

),

final as (

    select
        computed.report_id,
        computed.rule,
        computed.subject,
        computed.value,
        computed.number_1,
        computed.number_2,
        computed.number_3,
        computed.weakest_provenance,
        lists.figure_ids
    from computed
    left join lists
        on
            computed.report_id = lists.report_id
            and computed.rule = lists.rule
            and computed.subject = lists.subject

)

select * from final

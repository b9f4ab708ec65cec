-- What the rules say of each report, held against the thresholds of the finding.
{% set topics = [
    'choices', 'claims', 'curve', 'curve_inputs', 'estimators', 'multipliers',
    'national_employment', 'other_reports', 'parts', 'printed', 'scenarios',
] %}

with computed as (

    {% for topic in topics %}
        select * from {{ ref('int_findings__' ~ topic) }}
        {{ 'union all' if not loop.last }}
    {% endfor %}

),

known_findings as (

    select
        *,
        {{ decimal_from_text('moderate_threshold', 18, 4) }} as moderate,
        {{ decimal_from_text('serious_threshold', 18, 4) }} as serious
    from {{ ref('method_findings') }}

),

provenance_kinds as (

    select * from {{ ref('dim_provenance_kinds') }}

),

units as (

    select * from {{ ref('dim_units') }}

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

measured as (

    select
        known_findings.*,
        computed.report_id,
        cast(computed.value as decimal(18, 4)) as value,
        coalesce(computed.number_1, '') as number_1,
        coalesce(computed.number_2, '') as number_2,
        coalesce(computed.number_3, '') as number_3,
        lists.figure_ids,
        computed.weakest_provenance,
        provenance_kinds.name_zh as provenance_zh,
        provenance_kinds.name_en as provenance_en,
        provenance_kinds.provenance in ('assumed', 'synthetic') as is_labelled,
        -- a change counts by its size, whichever way it goes
        case known_findings.worse_direction
            when 'above' then abs(cast(computed.value as decimal(18, 4)))
            else -cast(computed.value as decimal(18, 4))
        end as badness,
        case known_findings.worse_direction when 'above' then 1 else -1 end as sign
    from computed
    inner join known_findings
        on
            computed.rule = known_findings.rule
            and computed.subject = known_findings.subject
    left join lists
        on
            computed.report_id = lists.report_id
            and computed.rule = lists.rule
            and computed.subject = lists.subject
    inner join provenance_kinds
        on computed.weakest_provenance = provenance_kinds.provenance

),

final as (

    select
        measured.report_id,
        measured.finding_id,
        {{ integer_from_text('measured.sort_order') }} as sort_order,
        measured.topic,
        measured.title_zh,
        measured.title_en,
        measured.value,
        measured.unit,
        units.name_zh as unit_zh,
        units.name_en as unit_en,
        measured.worse_direction,
        measured.moderate as moderate_threshold,
        measured.serious as serious_threshold,
        measured.threshold_reason_zh,
        measured.threshold_reason_en,
        case
            when measured.moderate is null then 'note'
            when measured.badness >= measured.sign * measured.serious then 'serious'
            when measured.badness >= measured.sign * measured.moderate then 'moderate'
            else 'minor'
        end as severity,
        case
            when measured.is_labelled then '含' || measured.provenance_zh || '输入：'
            else ''
        end || {{ fill_in('measured.statement_zh') }} as statement_zh,
        case
            when measured.is_labelled
                then 'on ' || measured.provenance_en || ' input: '
            else ''
        end || {{ fill_in('measured.statement_en') }} as statement_en,
        measured.figure_ids as affected_figure_ids,
        measured.weakest_provenance
    from measured
    inner join units
        on measured.unit = units.unit

)

select * from final

-- What the rules say of each report, held against the thresholds of the finding.
{% set value = 'cast(computed.value as decimal(18, 4))' %}
{% set direction = 'known_findings.worse_direction' %}

with computed as (

    select * from {{ ref('int_findings__computed') }}

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

severities as (

    select
        severities.severity,
        {{ integer_from_text('severities.severity_rank') }} as severity_rank,
        provenance_kinds.provenance_rank as weakest_rank
    from {{ ref('severities') }} as severities
    inner join provenance_kinds
        on severities.weakest_provenance = provenance_kinds.provenance

),

units as (

    select * from {{ ref('dim_units') }}

),

measured as (

    select
        known_findings.*,
        computed.report_id,
        {{ value }} as value,
        coalesce(computed.number_1, '') as number_1,
        coalesce(computed.number_2, '') as number_2,
        coalesce(computed.number_3, '') as number_3,
        computed.figure_ids,
        computed.weakest_provenance,
        provenance_kinds.name_zh as provenance_zh,
        provenance_kinds.name_en as provenance_en,
        provenance_kinds.provenance in ('borrowed', 'assumed', 'synthetic')
            as is_labelled,
        -- the size of a finding, and what its input lets it be at most
        greatest(
            case
                when known_findings.moderate is null then 4
                when {{ exceeds_threshold(value, 'known_findings.serious', direction) }} then 1
                when {{ exceeds_threshold(value, 'known_findings.moderate', direction) }} then 2
                else 3
            end,
            (
                select min(severities.severity_rank) from severities
                where severities.weakest_rank >= provenance_kinds.provenance_rank
            )
        ) as severity_rank
    from computed
    inner join known_findings
        on
            computed.rule = known_findings.rule
            and computed.subject = known_findings.subject
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
        severities.severity,
        {{ fill_template('measured.statement_zh') }} || case
            when measured.is_labelled then '（依据' || measured.provenance_zh || '输入）'
            else ''
        end as statement_zh,
        {{ fill_template('measured.statement_en') }} || case
            when measured.is_labelled
                then ' This rests on ' || measured.provenance_en || ' input.'
            else ''
        end as statement_en,
        measured.figure_ids as affected_figure_ids,
        measured.what_if,
        measured.weakest_provenance
    from measured
    inner join severities
        on measured.severity_rank = severities.severity_rank
    inner join units
        on measured.unit = units.unit

)

select * from final

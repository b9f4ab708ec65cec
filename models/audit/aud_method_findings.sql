with method_findings as (

    select * from {{ ref('stg_report__method_findings') }}

),

provenance_kinds as (

    select * from {{ ref('dim_provenance_kinds') }}

),

units as (

    select * from {{ ref('dim_units') }}

),

computed as (

    select * from {{ ref('int_findings__computed') }}

),

affected_figures as (

    select * from {{ ref('int_findings__affected_figures') }}

),

figures as (

    select * from {{ ref('stg_report__figure_ledger') }}

),

-- a finding on figures as such names them; one on inputs may bear on none
named_figures as (

    select distinct
        computed.report_id,
        computed.about
    from computed
    inner join figures
        on
            computed.report_id = figures.report_id
            and {{ is_listed('figures.figure_id', 'computed.about') }}

),

measured as (

    select
        computed.report_id,
        method_findings.*,
        cast(computed.value as decimal(18, 4)) as value,
        coalesce(computed.number_1, '') as number_1,
        coalesce(computed.number_2, '') as number_2,
        coalesce(computed.number_3, '') as number_3,
        coalesce(affected_figures.figure_ids, named_figures.about)
            as affected_figure_ids,
        computed.weakest_provenance,
        provenance_kinds.name_zh as provenance_zh,
        provenance_kinds.name_en as provenance_en,
        provenance_kinds.provenance in ('assumed', 'synthetic') as is_labelled
    from computed
    inner join method_findings
        on
            computed.rule = method_findings.rule
            and computed.subject = method_findings.subject
    left join affected_figures
        on
            computed.report_id = affected_figures.report_id
            and computed.rule = affected_figures.rule
            and computed.subject = affected_figures.subject
    left join named_figures
        on
            computed.report_id = named_figures.report_id
            and computed.about = named_figures.about
    inner join provenance_kinds
        on computed.weakest_provenance = provenance_kinds.provenance

),

final as (

    select
        measured.report_id,
        measured.finding_id,
        measured.sort_order,
        measured.topic,
        measured.title_zh,
        measured.title_en,
        measured.value,
        measured.unit,
        units.name_zh as unit_zh,
        units.name_en as unit_en,
        measured.worse_direction,
        measured.moderate_threshold,
        measured.serious_threshold,
        measured.threshold_reason_zh,
        measured.threshold_reason_en,
        case
            when measured.moderate_threshold is null then 'note'
            -- a change counts by its size, whichever way it goes
            when
                measured.worse_direction = 'above'
                and abs(measured.value) >= measured.serious_threshold
                then 'serious'
            when
                measured.worse_direction = 'below'
                and measured.value <= measured.serious_threshold
                then 'serious'
            when
                measured.worse_direction = 'above'
                and abs(measured.value) >= measured.moderate_threshold
                then 'moderate'
            when
                measured.worse_direction = 'below'
                and measured.value <= measured.moderate_threshold
                then 'moderate'
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
        measured.affected_figure_ids,
        measured.weakest_provenance
    from measured
    inner join units
        on measured.unit = units.unit

)

select * from final

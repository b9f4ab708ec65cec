-- What a report claims in addition to the numbers of its ledger. A number that follows from two of its
-- own is calculated from them.
with claims as (

    select * from {{ ref('report_claims') }}

),

figures as (

    select
        ledger.report_id,
        ledger.figure_id,
        cast(ledger.value as double) * cast(units.scale as double) as value
    from {{ ref('stg_report__figure_ledger') }} as ledger
    inner join {{ ref('dim_units') }} as units
        on ledger.unit = units.unit

),

operands as (

    {% for position in [1, 3, 5] %}
        select
            report_id,
            claim_id,
            {{ position }} as position,
            split_part(formula, ' ', {{ position }}) as operand
        from claims
        where split_part(formula, ' ', {{ position }}) != ''
        {{ 'union all' if not loop.last }}
    {% endfor %}

),

spread as (

    select
        operands.report_id,
        operands.claim_id,
        max(figures.value) filter (where operands.position = 1) as first_value,
        max(figures.value) filter (where operands.position = 3) as second_value,
        max(figures.value) filter (where operands.position = 5) as third_value
    from operands
    inner join figures
        on
            operands.report_id = figures.report_id
            and operands.operand = figures.figure_id
    group by operands.report_id, operands.claim_id

),

two_operands as (

    select
        spread.*,
        split_part(claims.formula, ' ', 4) as second_sign,
        {{ interval_end("split_part(claims.formula, ' ', 2)", 'first', 'second', 'value') }}
            as both_value
    from spread
    inner join claims
        on spread.report_id = claims.report_id and spread.claim_id = claims.claim_id

),

calculated as (

    select
        report_id,
        claim_id,
        {{ interval_end('second_sign', 'both', 'third', 'value') }} as value
    from two_operands

),

reports as (

    select * from {{ ref('dim_reports') }}

),

final as (

    select
        claims.report_id,
        claims.claim_id,
        claims.kind,
        {{ integer_from_text('claims.chapter') }} as chapter,
        claims.section,
        claims.statement_zh,
        claims.statement_en,
        claims.period,
        claims.formula,
        {{ decimal_from_text('claims.value', 18, 4) }} as value,
        cast(calculated.value / cast(units.scale as double) as decimal(18, 6)) as calculated_value,
        claims.unit,
        claims.evidence_given,
        claims.checkable,
        claims.note_zh,
        claims.note_en,
        {{ provenance_of(['report_id'], 'claims') }} as provenance,
        claims.source_id
    from claims
    inner join reports
        on claims.report_id = reports.report_id
    left join calculated
        on
            claims.report_id = calculated.report_id
            and claims.claim_id = calculated.claim_id
    left join {{ ref('dim_units') }} as units
        on claims.unit = units.unit

)

select * from final

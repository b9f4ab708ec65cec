-- noqa: disable=LT02
-- Facts of other publishers next to a figure of a report or a step of its calculation. The range of the
-- figure and the one of the formula over the facts decide the verdict; nothing of it is typed.
with comparisons as (

    select
        *,
        coalesce(formula, fact_id) as expression,
        coalesce({{ decimal_from_text('factor', 20, 10) }}, 1) as multiplier
    from {{ ref('comparisons') }}

),

units as (

    select * from {{ ref('dim_units') }}

),

facts as (

    select
        known.fact_id,
        known.owner_kind,
        known.author,
        cast(known.value as double) * units.scale as value,
        coalesce(known.low * units.scale, 0) as low,
        coalesce(known.high * units.scale, cast('infinity' as double)) as high
    from {{ ref('dim_facts') }} as known
    inner join units
        on known.unit = units.unit

),

figures as (

    select
        ledger.report_id,
        ledger.figure_id,
        units.scale,
        cast(ledger.value as double) * units.scale as value,
        coalesce(ledger.printed_low * units.scale, 0) as low,
        coalesce(ledger.printed_high * units.scale, cast('infinity' as double)) as high
    from {{ ref('stg_report__figure_ledger') }} as ledger
    inner join units
        on ledger.unit = units.unit

),

steps as (

    select
        report_id,
        step_id,
        element_id,
        amount
    from {{ ref('int_verification__report_steps') }}

),

operands as (

    {% for position in [1, 3, 5] %}
        select
            comparison_id,
            report_id,
            {{ position }} as position,
            nullif(split_part(expression, ' ', {{ position }}), '') as operand
        from comparisons
        {{ 'union all' if not loop.last }}
    {% endfor %}

),

known_operands as (

    select
        operands.comparison_id,
        operands.position,
        coalesce(facts.value, figures.value, try_cast(operands.operand as double)) as value,
        coalesce(facts.low, figures.low, try_cast(operands.operand as double)) as low,
        coalesce(facts.high, figures.high, try_cast(operands.operand as double)) as high
    from operands
    left join facts
        on operands.operand = facts.fact_id
    left join figures
        on
            operands.report_id = figures.report_id
            and operands.operand = figures.figure_id
    where operands.operand is not null

),

spread as (

    select
        comparison_id,
        {% for name, position in [('first', 1), ('second', 3), ('third', 5)] %}
            {%- for end in ['low', 'value', 'high'] %}
                max({{ end }}) filter (where position = {{ position }})
                    as {{ name }}_{{ end }}{{ ',' if not (loop.last and name == 'third') }}
            {%- endfor %}
        {% endfor %}
    from known_operands
    group by comparison_id

),

two_operands as (

    select
        spread.*,
        split_part(comparisons.expression, ' ', 4) as second_sign,
        {%- for end in ['low', 'value', 'high'] %}
            {{ interval_end("split_part(comparisons.expression, ' ', 2)", 'first', 'second', end) }}
                as both_{{ end }}{{ ',' if not loop.last }}
        {%- endfor %}
    from spread
    inner join comparisons
        on spread.comparison_id = comparisons.comparison_id

),

outside as (

    select
        comparison_id,
        {%- for end in ['low', 'value', 'high'] %}
            {{ interval_end('second_sign', 'both', 'third', end) }}
                as {{ end }}{{ ',' if not loop.last }}
        {%- endfor %}
    from two_operands

),

owners as (

    -- a comparison is as independent as the least independent of its facts
    select
        comparisons.comparison_id,
        max_by(
            facts.owner_kind,
            list_position(
                ['official', 'independent', 'commissioned', 'platform'], facts.owner_kind
            )
        ) as owner_kind,
        string_agg(distinct facts.author, ', ' order by facts.author) as owners
    from comparisons
    inner join facts
        on
            facts.fact_id in (
                comparisons.fact_id, comparisons.second_fact_id, comparisons.third_fact_id
            )
    group by comparisons.comparison_id

),

compared as (

    select
        comparisons.*,
        owners.owner_kind,
        owners.owners,
        coalesce(figures.value, steps.amount) / coalesce(figures.scale, 1) as figure_value,
        coalesce(figures.low, steps.amount) / coalesce(figures.scale, 1) as figure_low,
        coalesce(figures.high, steps.amount) / coalesce(figures.scale, 1) as figure_high,
        {%- for end in ['low', 'value', 'high'] %}
            outside.{{ end }} * comparisons.multiplier / coalesce(figures.scale, 1)
                as fact_{{ end }},
        {%- endfor %}
        cast(comparisons.is_nested as boolean) as counts_no_other,
        cast(comparisons.is_own_source as boolean) as is_source
    from comparisons
    inner join outside
        on comparisons.comparison_id = outside.comparison_id
    inner join owners
        on comparisons.comparison_id = owners.comparison_id
    left join figures
        on
            comparisons.report_id = figures.report_id
            and comparisons.figure_id = figures.figure_id
    left join steps
        on
            comparisons.report_id = steps.report_id
            and comparisons.step_id = steps.step_id
            and comparisons.element_id = steps.element_id

),

judged as (

    select
        *,
        -- the arithmetic of doubles is no difference
        case
            when not_comparable_en is not null then 'not_comparable'
            when
                relation in ('same_quantity', 'ratio')
                and figure_low <= fact_high * (1 + 1e-9)
                and fact_low <= figure_high * (1 + 1e-9)
                then 'agrees'
            when relation in ('same_quantity', 'ratio') then 'differs'
            when relation = 'upper_bound' and figure_low <= fact_high * (1 + 1e-9) then 'agrees'
            when relation = 'lower_bound' and figure_high >= fact_low * (1 - 1e-9) then 'agrees'
            when counts_no_other then 'contradicts'
            else 'differs'
        end as verdict
    from compared

),

final as (

    select
        comparison_id,
        concat_ws(' ', fact_id, second_fact_id, third_fact_id) as fact_ids,
        report_id,
        figure_id,
        step_id,
        element_id,
        relation,
        counts_no_other as is_nested,
        formula,
        cast(multiplier as decimal(20, 10)) as factor,
        equation_id,
        cast(figure_value as decimal(28, 10)) as figure_value,
        case when isfinite(figure_low) then cast(figure_low as decimal(28, 10)) end
            as figure_low,
        case when isfinite(figure_high) then cast(figure_high as decimal(28, 10)) end
            as figure_high,
        cast(fact_value as decimal(28, 10)) as fact_value,
        case when isfinite(fact_low) then cast(fact_low as decimal(28, 10)) end as fact_low,
        case when isfinite(fact_high) then cast(fact_high as decimal(28, 10)) end as fact_high,
        cast(figure_value / nullif(fact_value, 0) as decimal(18, 6)) as figure_over_fact,
        verdict,
        case
            when is_source then 'source'
            when verdict = 'not_comparable' then 'scale'
            -- two numbers without an upper end always meet: no test
            when
                relation in ('same_quantity', 'ratio')
                and isinf(figure_high) and isinf(fact_high)
                then 'scale'
            when relation in ('same_quantity', 'ratio') or verdict != 'agrees' then 'test'
            when figure_value / nullif(fact_value, 0) between 0.5 and 2 then 'bound'
            else 'scale'
        end as weight,
        owner_kind,
        owners,
        owner_kind in ('official', 'independent') as is_independent,
        coalesce(not_comparable_zh, note_zh) as reason_zh,
        coalesce(not_comparable_en, note_en) as reason_en
    from judged

)

select * from final

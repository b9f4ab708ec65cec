-- noqa: disable=AL03,LT09
-- Rules for numbers and facts that others printed. A draft of the reader and what this project
-- states itself need no printed form.
with ledger as (

    select
        ledger.*,
        sources.kind,
        sources.read_on,
        regexp_extract(replace(replace(ledger.printed, ',', ''), ' ', ''), '[0-9]+(\.[0-9]+)?')
            as printed_number
    from {{ ref('figure_ledger') }} as ledger
    inner join {{ ref('sources') }} as sources
        on ledger.source_id = sources.source_id

),

facts as (

    select
        facts.*,
        sources.address,
        sources.kind,
        sources.read_on,
        regexp_extract(replace(replace(facts.printed, ',', ''), ' ', ''), '[0-9]+(\.[0-9]+)?')
            as printed_number
    from {{ ref('facts') }} as facts
    inner join {{ ref('sources') }} as sources
        on facts.source_id = sources.source_id

),

-- published numbers of platforms, each with what the source prints
published as (

    {% for name, key, value in [
        ('gmv_disclosures', 'disclosure_id', 'gmv_yi_yuan'),
        ('merchants_and_buyers', "platform_id || ' ' || measure || ' ' || period_start", 'value'),
        ('published_platform_estimates', 'estimate_id', 'value')
    ] %}
        select
            {{ key }} as number_id,
            {{ 'listed.gmv_yi_yuan as value' if value == 'gmv_yi_yuan' else 'listed.value' }},
            listed.printed,
            regexp_extract(replace(replace(listed.printed, ',', ''), ' ', ''), '[0-9]+(\.[0-9]+)?')
                as printed_number,
            coalesce(listed.comparator, 'equal') as comparator,
            listed.place,
            listed.confidence,
            listed.provenance,
            sources.kind,
            sources.read_on,
            listed.seed_file,
            listed.seed_line
        from {{ ref(name) }} as listed
        inner join {{ ref('sources') }} as sources
            on listed.source_id = sources.source_id
        {{ 'union all' if not loop.last }}
    {% endfor %}

),

comparisons as (

    select * from {{ ref('comparisons') }}

),

judged as (

    select * from {{ ref('int_outside__comparisons') }}

),

numbers as (

    select
        report_id || ' ' || figure_id as number_id,
        value,
        printed,
        printed_number,
        comparator,
        seed_file,
        seed_line
    from ledger
    where printed is not null

    union all

    select fact_id, value, printed, printed_number, comparator, seed_file, seed_line
    from facts
    where printed is not null

    union all

    select number_id, value, printed, printed_number, comparator, seed_file, seed_line
    from published
    where printed is not null

),

operands as (

    {% for position in [1, 3, 5] %}
        select
            *,
            nullif(split_part(formula, ' ', {{ position }}), '') as operand
        from comparisons
        {{ 'union all' if not loop.last }}
    {% endfor %}

),

problems as (

    select
        'published_needs_printed_form' as rule,
        report_id || ' ' || figure_id as number_id,
        seed_file,
        seed_line,
        provenance as value,
        'write printed, place and state, or call it derived or assumed' as remedy
    from ledger
    where
        provenance = 'published'
        and kind not in ('own_draft', 'project')
        and (
            printed is null
            or place is null
            or coalesce(state, '') not in ('found', 'found_weak')
        )

    union all

    select
        'published_needs_printed_form', number_id, seed_file, seed_line, provenance,
        'write printed and place, or set confidence to low where the page could not be read again'
    from published
    where
        provenance = 'published'
        and kind not in ('own_draft', 'project')
        and confidence != 'low'
        and (printed is null or place is null)

    union all

    -- a shipped number of a page that could not be opened again is weak
    select
        'page_was_opened', number_id, seed_file, seed_line, confidence,
        'open the page and write its read_on, or set confidence to low'
    from published
    where
        provenance = 'published'
        and kind not in ('own_draft', 'project')
        and read_on is null
        and confidence != 'low'
        and seed_file like 'seeds/%'

    union all

    select
        'page_was_opened', report_id || ' ' || figure_id, seed_file, seed_line, state,
        'open the page and write its read_on, or set state to found_weak'
    from ledger
    where
        kind not in ('own_draft', 'project')
        and read_on is null
        and state = 'found'
        and seed_file like 'seeds/%'

    union all

    select
        'page_was_opened', fact_id, seed_file, seed_line, source_id,
        'open the page and write its read_on, or leave the fact out'
    from facts
    where
        kind not in ('own_draft', 'project')
        and read_on is null
        and seed_file like 'seeds/%'

    union all

    select
        'page_was_opened', source_id, seed_file, seed_line, what_was_read,
        'write both read_on and what_was_read of a page, or neither'
    from {{ ref('sources') }}
    where (read_on is null) != (what_was_read is null) and seed_file like 'seeds/%'

    union all

    select
        'content_farm_is_weak', number_id, seed_file, seed_line, confidence,
        'a number of a content farm has no high confidence'
    from published
    where kind = 'content_farm' and confidence = 'high'

    union all

    select
        'not_printed_is_not_published', report_id || ' ' || figure_id, seed_file, seed_line,
        state, 'a number that is not printed has no printed form; call it derived'
    from ledger
    where
        state in ('not_printed', 'not_found')
        and (printed is not null or provenance = 'published')

    union all

    select
        'content_farm_is_weak', report_id || ' ' || figure_id, seed_file, seed_line, state,
        'a repost or content farm gives found_weak'
    from ledger
    where kind in ('repost', 'content_farm') and state = 'found'

    union all

    select
        'printed_number_equals_value', number_id, seed_file, seed_line, printed,
        'the digits of the phrase are those of the value, up to a power of ten'
    from numbers
    where
        printed_number != ''
        and cast(value as double) != 0
        and abs(
            log10(cast(printed_number as double) / abs(cast(value as double)))
            - round(log10(cast(printed_number as double) / abs(cast(value as double))))
        ) > 1e-9

    union all

    select
        'comparator_agrees_with_word', number_id, seed_file, seed_line, printed,
        'more than, over: over; at least: at_least; about, approximately: about; nearly: up_to'
    from numbers
    where
        regexp_matches(lower(printed), 'more than|mehr als|over|超|突破|[多余]|\+$')
        and not regexp_matches(printed, '多达')
        and comparator != 'over'
        or regexp_matches(lower(printed), 'at least|不少于') and comparator != 'at_least'
        or regexp_matches(lower(printed), 'about|roughly|approx|est\.|around|约|左右')
        and comparator != 'about'
        or regexp_matches(lower(printed), 'nearly|[接逼]?近') and comparator != 'up_to'

    union all

    select
        'printed_is_short', number_id, seed_file, seed_line, printed,
        'a number phrase of at most 18 characters, never a sentence'
    from numbers
    where length(printed) > 18

    union all

    select
        'fact_has_address', fact_id, seed_file, seed_line, source_id,
        'write the address of its source, or leave the fact out'
    from facts
    where address is null and kind not in ('own_draft', 'project')

    union all

    select
        'upper_bound_is_no_lower_bound', comparisons.comparison_id, comparisons.seed_file,
        comparisons.seed_line, comparisons.fact_id,
        'a fact printed as "over" is no upper bound'
    from comparisons
    inner join facts
        on comparisons.fact_id = facts.fact_id
    where
        comparisons.relation = 'upper_bound'
        and comparisons.not_comparable_en is null
        and facts.comparator in ('over', 'at_least')

    union all

    select
        'contradiction_needs_nesting', judged.comparison_id, comparisons.seed_file,
        comparisons.seed_line, judged.verdict, 'only nested populations contradict'
    from judged
    inner join comparisons
        on judged.comparison_id = comparisons.comparison_id
    where judged.verdict = 'contradicts' and not judged.is_nested

    union all

    select
        'formula_has_its_operands', operands.comparison_id, operands.seed_file,
        operands.seed_line, operands.operand,
        'name one of its facts, a figure of its report, or a whole number'
    from operands
    left join ledger
        on operands.report_id = ledger.report_id and operands.operand = ledger.figure_id
    where
        operands.operand is not null
        and ledger.figure_id is null
        and try_cast(operands.operand as bigint) is null
        and operands.operand not in (
            operands.fact_id,
            coalesce(operands.second_fact_id, operands.fact_id),
            coalesce(operands.third_fact_id, operands.fact_id)
        )

    union all

    select
        'formula_is_read_from_the_left', comparison_id, seed_file, seed_line, formula,
        'signs + - * / between at most three operands; * and / come first'
    from comparisons
    where
        formula is not null
        and not regexp_matches(
            formula,
            '^[a-z0-9_]+( [*/] [a-z0-9_]+){0,2}$'
            || '|^[a-z0-9_]+( [-+] [a-z0-9_]+){1,2}$'
            || '|^[a-z0-9_]+ [*/] [a-z0-9_]+ [-+] [a-z0-9_]+$'
        )

    union all

    select
        'comparison_has_a_figure_or_a_step', comparison_id, seed_file, seed_line,
        coalesce(figure_id, step_id), 'name a figure, or a step with its element'
    from comparisons
    where (figure_id is null) = (step_id is null) or (step_id is null) != (element_id is null)

    union all

    select
        'reasons_are_in_both_languages', comparison_id, seed_file, seed_line,
        coalesce(not_comparable_en, note_en), 'write the reason in Chinese and in English'
    from comparisons
    where
        (not_comparable_zh is null) != (not_comparable_en is null)
        or (note_zh is null) != (note_en is null)

    {% if not var('as_of') -%}
        union all

        -- a shipped report that names its countries has their employment
        select
            'denominator_for_every_report', countries.report_id, countries.seed_file,
            countries.seed_line, countries.country,
            'add the employed persons of that country and year to outside/denominators.csv'
        from {{ ref('report_countries') }} as countries
        inner join {{ ref('dim_reports') }} as reports
            on countries.report_id = reports.report_id
        left join {{ ref('fct_denominators') }} as denominators
            on
                countries.country = denominators.country
                and extract(year from reports.window_end) = denominators.year
        where denominators.country is null and countries.seed_file like 'seeds/%'
    {%- endif %}

)

select
    seed_file as seed,
    seed_line,
    value,
    number_id || ': ' || rule as problem,
    remedy
from problems

{#- All that a fit of equation 2.1 needs to know of the merchants, in one scan:
    platform_employment.fit.moments turns it into coefficients, errors and intervals.

    Given the headcount y, productivity x/y is linear in the turnover x, so every sum
    of the fit (of x^k, of productivity times x^k, of squared residuals times x^k)
    follows from the first eight power sums of the turnover by headcount. Those are
    taken of a turnover's position between the lowest and the highest one, 0 to 1.

    A sum of doubles depends on the order of the rows, a sum of integers does not: each
    power is rounded to a whole number of 2^-62 (wide_sum). Turnovers span many orders of
    magnitude, and there the small ones would round to nothing: so they are counted in
    three size classes, each in a unit of its own (1, 1/256, 1/65536 of the range).

    A missing turnover, headcount or weight shows as a null key, and is refused later.

    relation  table or view with turnover_wan_yuan (decimal), headcount (whole number)
    keys      columns that name a sample: one fit each; all rows are one sample without
    weight    column of survey weights, to be few distinct ones: each makes rows -#}
{% macro merchant_moments(relation, keys=[], weight=none) -%}
    {%- set cells = keys
        + (['survey_weight'] if weight else []) + ['headcount', 'size_class'] -%}
    {%- set powers = ['u1', 'u2', 'u3', 'u4']
        + ['u4 * u1', 'u4 * u2', 'u4 * u3', 'u4 * u4'] %}
    with bounds as (

        select
            {% for key in keys %}{{ key }}, {% endfor -%}
            min(turnover_wan_yuan) as lowest_wan_yuan,
            -- the least step of a turnover where there is but one
            cast(
                greatest(max(turnover_wan_yuan) - min(turnover_wan_yuan), 0.01)
                as double
            ) as range_wan_yuan
        from {{ relation }}
        {%- if keys %}
        group by {{ keys | join(', ') }}
        {%- endif %}

    ),

    positions as (

        select
            {%- for key in keys %}
            merchants.{{ key }},
            {%- endfor %}
            {%- if weight %}
            merchants.{{ weight }} as survey_weight,
            {%- endif %}
            merchants.headcount,
            cast(merchants.turnover_wan_yuan - bounds.lowest_wan_yuan as double)
            / bounds.range_wan_yuan as position
        from {{ relation }} as merchants
        {%- if keys %}
        inner join bounds
            on
                {%- for key in keys %}
                {{ 'and ' if not loop.first }}merchants.{{ key }} = bounds.{{ key }}
                {%- endfor %}
        {%- else %}
        cross join bounds
        {%- endif %}

    ),

    size_classes as (

        select
            *,
            cast(position < 0.00390625 as integer)
            + cast(position < 0.0000152587890625 as integer) as size_class
        from positions

    ),

    units as (

        select
            {{ cells | join(',\n            ') }},
            case size_class
                when 0 then position
                when 1 then position * 256.0
                when 2 then position * 65536.0
            end as u1
        from size_classes

    ),

    squares as (

        select
            *,
            u1 * u1 as u2
        from units

    ),

    powers as (

        select
            *,
            u2 * u1 as u3,
            u2 * u2 as u4
        from squares

    ),

    sums as (

        select
            {{ cells | join(',\n            ') }},
            count(*) as merchants,
            {%- for power in powers %}
            {{ wide_sum(power) }} as power_{{ loop.index }}
            {{- ',' if not loop.last }}
            {%- endfor %}
        from powers
        group by {{ cells | join(', ') }}

    )

    select
        {%- for cell in cells %}
        sums.{{ cell }},
        {%- endfor %}
        bounds.lowest_wan_yuan,
        bounds.range_wan_yuan,
        sums.merchants,
        {%- for k in range(1, 9) %}
        sums.power_{{ k }}
        {{- ',' if not loop.last }}
        {%- endfor %}
    from sums
    {%- if keys %}
    inner join bounds
        on
            {%- for key in keys %}
            {{ 'and ' if not loop.first }}sums.{{ key }} = bounds.{{ key }}
            {%- endfor %}
    {%- else %}
    cross join bounds
    {%- endif %}
{%- endmacro %}

{#- Steps between the days at which disclosures begin and end: one walked forwards is added, walked
    backwards subtracted.

    disclosures  relation with period_start and next_start, the day after its end
    also         further columns of it -#}
{% macro signed_disclosures(disclosures, also=[]) -%}
{%- for sign, from_date, to_date in [
    ('+', 'period_start', 'next_start'), ('-', 'next_start', 'period_start')
] %}
        select
            {{ (['platform_id', 'disclosure_id'] + also) | join(', ') }},
            {{ from_date }} as from_date,
            {{ to_date }} as to_date,
            '{{ sign }}' || disclosure_id as signed_disclosure_id,
            {{ sign }}gmv_yi_yuan as gmv_yi_yuan,
            half_width_yi_yuan
        from {{ disclosures }}
        {{ 'union all' if not loop.last }}
{%- endfor %}
{%- endmacro %}

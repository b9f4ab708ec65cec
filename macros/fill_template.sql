{#- A statement with numbers for its braces: {1}, {2} and {3} represent number_1 to number_3 of
    the relation as they are. Chinese counts jobs in 万 and yuan in 万元; an English sentence has
    {1m} for 万 in million, {1t} for the same with three digits, {1k} for 万元 in thousand yuan. -#}
{% macro fill_template(statement) -%}
    {%- set filled = namespace(text=statement) -%}
    {%- for place in [1, 2, 3] -%}
        {%- set number = 'number_' ~ place -%}
        {%- for mark, factor, decimals in [('m', '0.01', 2), ('t', '0.01', 3), ('k', '10', 0)] -%}
            {%- set filled.text -%}
                replace({{ filled.text }}, '{{ '{' ~ place ~ mark ~ '}' }}', coalesce(
                    cast(cast(
                        cast(nullif(regexp_extract(
                            {{ number }}, '^-?[0-9]+([.][0-9]+)?$'
                        ), '') as double) * {{ factor }}
                        as decimal(18, {{ decimals }})
                    ) as varchar), ''
                ))
            {%- endset -%}
        {%- endfor -%}
        {%- set filled.text -%}
            replace({{ filled.text }}, '{{ '{' ~ place ~ '}' }}', {{ number }})
        {%- endset -%}
    {%- endfor -%}
    {{ filled.text }}
{%- endmacro %}

{#- Nothing is a list without rows here, and null there. -#}
{% macro spark__least_rows(fields, number, condition) -%}
    {%- set row -%}
        named_struct(
            {%- for name, expression in fields.items() %}
            '{{ name }}', {{ expression }}{{ ',' if not loop.last }}
            {%- endfor %}
        )
    {%- endset -%}
    nullif(
        min_by({{ row }}, {{ row }}, {{ number }}) filter (where {{ condition }}),
        array()
    )
{%- endmacro %}

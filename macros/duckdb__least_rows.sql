{% macro duckdb__least_rows(fields, number, condition) -%}
    min(
        struct_pack(
            {%- for name, expression in fields.items() %}
            {{ name }} := {{ expression }}{{ ',' if not loop.last }}
            {%- endfor %}
        ), {{ number }}
    ) filter (where {{ condition }})
{%- endmacro %}

{#- The types of the text columns of seeds. Validation has accepted each cell by the rules of the
    seed's yml before it is loaded, so staging casts and judges nothing. -#}
{% macro decimal_from_text(column_name, precision, scale) -%}
    cast({{ column_name }} as decimal({{ precision }}, {{ scale }}))
{%- endmacro %}


{% macro integer_from_text(column_name) -%}
    cast({{ column_name }} as bigint)
{%- endmacro %}


{% macro date_from_text(column_name) -%}
    cast({{ column_name }} as date)
{%- endmacro %}


{% macro boolean_from_text(column_name) -%}
    cast({{ column_name }} as boolean)
{%- endmacro %}

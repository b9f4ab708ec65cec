{#- The names in a formula, with single spaces between, as `is_listed` reads them.

    formula  SQL expression of the formula -#}
{% macro names_in_formula(formula) -%}
    trim(regexp_replace({{ formula }}, '[^a-z0-9_]+', ' ', 'g'))
{%- endmacro %}

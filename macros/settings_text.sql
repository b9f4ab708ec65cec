{#- A text of settings, such as `table_year=2017 demand=TC`.

    settings   SQL that gives the value, by name -#}
{% macro settings_text(settings) -%}
    {%- for name, value in settings.items() -%}
        {%- if not loop.first %} || ' ' || {% endif -%}
        '{{ name }}=' || {{ value }}
    {%- endfor -%}
{%- endmacro %}

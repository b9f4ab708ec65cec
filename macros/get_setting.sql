{#- What a text such as `table_year=2017 demand=TC` says of a name; null when nothing.

    settings   the text, or null
    name       SQL that gives the name -#}
{% macro get_setting(settings, name) -%}
    {#- no regular expression: each row would need one -#}
    nullif(
        split_part(
            split_part(' ' || {{ settings }}, ' ' || {{ name }} || '=', 2), ' ', 1
        ), ''
    )
{%- endmacro %}


{#- A text of settings without some of its names.

    settings   the text
    names      the names -#}
{% macro without_settings(settings, names) -%}
    regexp_replace({{ settings }}, '(^| )({{ names | join("|") }})=[^ ]+', '', 'g')
{%- endmacro %}

{#- What fits on a first line of a text: whole words, else up to an underscore, point,
    slash or hyphen, else as many characters as there is room for.

    text_expression   SQL expression of the text
    width             characters in a line -#}
{% macro first_line(text_expression, width) -%}
    coalesce(
        nullif(regexp_extract({{ text_expression }}, '^.{1,{{ width }}}( |$)'), ''),
        nullif(
            regexp_extract({{ text_expression }}, '^.{1,{{ width - 1 }}}[_./-]'), ''
        ),
        substr({{ text_expression }}, 1, {{ width }})
    )
{%- endmacro %}

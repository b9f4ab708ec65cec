{#- Whether a pattern matches all of a text.

    text     SQL expression
    pattern  regular expression that RE2 and Java read alike, without quotes -#}
{% macro full_match(text, pattern) -%}
    {{ return(adapter.dispatch('full_match')(text, pattern)) }}
{%- endmacro %}

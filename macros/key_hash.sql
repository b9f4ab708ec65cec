{#- A whole number of 60 bits from the name of a merchant, in no order of its own: MD5,
    which every engine has. It finds repeated names, deals merchants to blocks and draws
    from them.

    name    text expression -#}
{% macro key_hash(name) -%}
    {{ return(adapter.dispatch('key_hash')(name)) }}
{%- endmacro %}

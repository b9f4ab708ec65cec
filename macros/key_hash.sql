{#- A whole number of 60 bits from the name of a merchant, in no separate order: MD5,
    which every engine has. It finds repeated names, assigns merchants to blocks and draws
    from them.

    name    text expression -#}
{% macro key_hash(name) -%}
    cast(
        md5_number('block' || {{ name }}) & cast(1152921504606846975 as uhugeint)
        as bigint
    )
{%- endmacro %}

{#- A whole number of 60 bits from the name of a merchant, in no meaningful order: MD5,
    which every engine has. It finds repeated names and draws from merchants.

    name    text expression -#}
{% macro key_hash(name) -%}
    {%- if target.type == 'spark' -%}
    {#- its bytes from the low end, as text: the last of the eight has but its low half -#}
    {%- set digest = "md5(" ~ name ~ ")" -%}
    cast(
        conv(
            substr({{ digest }}, 16, 1)
            {%- for position in range(13, 0, -2) %}
            || substr({{ digest }}, {{ position }}, 2)
            {%- endfor %},
            16, 10
        ) as bigint
    )
    {%- else -%}
    cast(
        md5_number({{ name }}) & cast(1152921504606846975 as uhugeint)
        as bigint
    )
    {%- endif -%}
{%- endmacro %}

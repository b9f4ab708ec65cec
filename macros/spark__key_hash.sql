{#- The bytes of the digest from its low end, as text: the last of the eight has but its low
    half. -#}
{% macro spark__key_hash(name) -%}
    {%- set digest = "md5('block' || " ~ name ~ ")" -%}
    cast(
        conv(
            substr({{ digest }}, 16, 1)
            {%- for position in range(13, 0, -2) %}
            || substr({{ digest }}, {{ position }}, 2)
            {%- endfor %},
            16, 10
        ) as bigint
    )
{%- endmacro %}

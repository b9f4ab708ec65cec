{#- The first three hexadecimal digits of the MD5 in a key_hash, as text: the hash holds
    the bytes of the digest from its low end.

    hash    a key_hash -#}
{% macro block_of(hash) -%}
    printf('%03x', (({{ hash }} & 255) << 4) | (({{ hash }} >> 12) & 15))
{%- endmacro %}

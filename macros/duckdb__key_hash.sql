{% macro duckdb__key_hash(name) -%}
    cast(
        md5_number('block' || {{ name }}) & cast(1152921504606846975 as uhugeint)
        as bigint
    )
{%- endmacro %}

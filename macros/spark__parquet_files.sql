{% macro spark__parquet_files(paths) -%}
    (
        {%- for path in paths %}
        {{ 'union all' if not loop.first }}
        select * from parquet.`{{ path }}`
        {%- endfor %}
    )
{%- endmacro %}

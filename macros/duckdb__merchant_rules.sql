{% macro duckdb__merchant_rules() -%}
    {%- set query = "select merchant_rules('" ~ merchant_format() ~ "')" -%}
    {{ return(fromjson(run_query(query).columns[0].values()[0])) }}
{%- endmacro %}

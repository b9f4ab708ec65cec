{#- DuckDB has handed over the expressions by kind of type, since it cannot see the ledger. -#}
{% macro spark__merchant_rules() -%}
    {%- set rules = fromjson(from_plugin('merchant_rules', '{}')) -%}
    {%- set types = {} -%}
    {%- if merchant_format() != 'csv' -%}
        {%- for row in run_query('describe table ' ~ merchant_sources()[0]) -%}
            {%- do types.update({row[0]: row[1]}) -%}
        {%- endfor -%}
    {%- endif -%}
    {%- set chosen = {} -%}
    {%- for column in merchant_columns() -%}
        {%- set type = types.get(column, 'string') -%}
        {%- set kind = 'other' -%}
        {%- if type in ['string', 'double', 'float'] -%}
            {%- set kind = type -%}
        {%- elif type in ['tinyint', 'smallint', 'int', 'bigint'] -%}
            {%- set kind = 'integer' -%}
        {%- elif type.startswith('decimal') -%}
            {%- set digits = modules.re.findall('[0-9]+', type) -%}
            {%- set finer = digits[1] | int > rules[column].string.decimals -%}
            {%- set kind = 'decimal' if not finer
                else ('fine_decimal' if digits[0] | int <= 18 else 'wide_decimal') -%}
        {%- endif -%}
        {%- do chosen.update({column: rules[column][kind]}) -%}
    {%- endfor -%}
    {{ return(chosen) }}
{%- endmacro %}

{#- Whether merchants of this run have strata, clusters or population sizes: without them the names of
    merchants are not read. -#}
{% macro has_designs() -%}
    {%- if not execute -%} {{ return(false) }} {%- endif -%}
    {%- if not is_duckdb() -%} {{ return(var('ledger_designs') is not none) }} {%- endif -%}
    {%- set layers = run_query("select input_layers('survey/merchant_designs.csv')") -%}
    {{ return(layers.columns[0].values()[0] != '[]') }}
{%- endmacro %}

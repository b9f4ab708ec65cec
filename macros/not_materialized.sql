{#- For a CTE of merchants that is read more than once: compute it each time. Stored, the rows of a
    ledger fill the memory and spill. Spark never stores a CTE and knows no such words. -#}
{% macro not_materialized() -%}
    {{ return('' if target.type == 'spark' else ' not materialized') }}
{%- endmacro %}

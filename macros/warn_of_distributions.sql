{#- Prints the figures behind the warnings of aud_distribution_checks; a test that only
    warns would print how many there are. -#}
{% macro warn_of_distributions() -%}
    {%- if not execute -%} {{ return('') }} {%- endif -%}
    {%- set query -%}
        select message
        from {{ this }}
        where result = 'warning'
        order by platform_id, sample_id, measure, quantile
    {%- endset -%}
    {%- for message in run_query(query).columns[0].values() -%}
        {%- do exceptions.warn(message) -%}
    {%- endfor -%}
{%- endmacro %}

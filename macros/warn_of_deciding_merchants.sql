{#- Prints which merchants decide the curve of their sample alone; a test that only warns
    would print how many there are. -#}
{% macro warn_of_deciding_merchants() -%}
    {%- if not execute -%} {{ return('') }} {%- endif -%}
    {%- set query -%}
        select
            platform_id || ' ' || sample_id || ': the curve passes through merchant '
            || merchant_id || ' (turnover ' || turnover_wan_yuan || ' wan_yuan, headcount '
            || headcount || ') whatever its headcount: it decides the fit alone; check'
            || ' its figures, or survey merchants of its size' as message
        from {{ this }}
        where cooks_distance is null
        order by platform_id, sample_id, influence_rank
    {%- endset -%}
    {%- for message in run_query(query).columns[0].values() -%}
        {%- do exceptions.warn(message) -%}
    {%- endfor -%}
{%- endmacro %}

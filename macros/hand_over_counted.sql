{#- Hands over what DuckDB has counted. Where both scans were made, the second one goes first: the
    sums are what a later day is added to, and count from their manifest on.

    step  sums or residuals
    made  names of the nodes that ran -#}
{% macro hand_over_counted(step, made) %}
    {%- set tables = handed_over_tables() -%}
    {%- set both = not ((tables.sums + tables.residuals) | reject('in', made) | list) -%}
    {%- for name in (['residuals', 'sums'] if both else [step])
        if step == 'residuals' or (step == 'sums' and not both) -%}
        {%- do hand_over_tables(name) -%}
    {%- endfor -%}
{% endmacro %}

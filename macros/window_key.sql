{#- The key of dim_windows.

    relation  that has platform and window, none where there is but one
    window    its column of the last day, a date or a text of one -#}
{% macro window_key(relation=none, window='window_end') -%}
    {%- set of = relation ~ '.' if relation else '' -%}
    {{ of }}platform_id || '/' || cast(cast({{ of }}{{ window }} as date) as varchar)
{%- endmacro %}

{#- The folder in which engines hand tables over, empty where one makes them all. -#}
{% macro hand_over_folder() -%}
    {{ return(env_var('PLATFORM_EMPLOYMENT_HAND_OVER', '')) }}
{%- endmacro %}

{#- The numbers of the files of merchants in these partitions.

    numbers  of the partitions -#}
{% macro files_of(numbers) -%}
    {%- set files = [] -%}
    {%- for partition in fromjson(from_plugin('merchant_partitions', '[1]')) -%}
        {%- if partition in numbers -%} {%- do files.append(loop.index) -%} {%- endif -%}
    {%- endfor -%}
    {{ return(files) }}
{%- endmacro %}

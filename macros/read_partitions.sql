{#- The numbers of the partitions whose merchants are counted: those of the files that are read. The
    sums of all others are kept as they are.

    repeated_merchants  relation, made before -#}
{% macro read_partitions(repeated_merchants) -%}
    {%- set partitions = fromjson(from_plugin('merchant_partitions', '[1]')) -%}
    {%- set numbers = [] -%}
    {%- for number in read_files(repeated_merchants) if partitions[number - 1] not in numbers -%}
        {%- do numbers.append(partitions[number - 1]) -%}
    {%- endfor -%}
    {{ return(numbers) }}
{%- endmacro %}

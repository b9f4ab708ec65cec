{#- The merchants of the partitions that are counted, all but in a daily increment, as a relation.
    The number of a file tells them apart, as Parquet knows where which are.

    merchants           relation
    repeated_merchants  relation, made before -#}
{% macro counted_merchants(merchants, repeated_merchants) -%}
    {%- if not counted_files() -%} {{ return(merchants) }} {%- endif -%}
    (
        select * from {{ merchants }}
        where file_number in (
            {{- files_of(read_partitions(repeated_merchants)) | join(', ') }})
    )
{%- endmacro %}

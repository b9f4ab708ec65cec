{#- The numeric columns of a relation, one value a row.

    relation      a ref
    key_columns   columns that name the row; their values joined with a space
    columns       the numeric columns to list
    provenance    SQL expression of the provenance of the value
    source_id     SQL expression of its source; 'null' for a computed one -#}
{% macro to_long_form(
    relation, key_columns, columns, provenance='provenance', source_id='source_id'
) -%}
    {%- for column_name in columns %}
    select
        '{{ relation.identifier }}' as model_name,
        {% for key_column in key_columns -%}
            {%- if not loop.first %} || ' ' || {% endif -%}
            cast({{ key_column }} as varchar)
        {%- endfor %} as row_key,
        '{{ column_name }}' as column_name,
        cast({{ column_name }} as decimal(28, 10)) as value,
        {{ provenance }} as provenance,
        {{ source_id }} as source_id
    from {{ relation }}
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
{%- endmacro %}

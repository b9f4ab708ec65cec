{#- Ends a data test: no row when every value that a model cites is in its registry.

    references  lists of the citing model, its column, the registry that has to know the
                value, its column; several columns of one key with a space between -#}
{% macro stop_if_unknown(references) %}
with problems as (

    {% for model_name, column_names, registry_name, registry_columns in references %}
        {%- set citing = column_names.split(' ') -%}
        {%- set known = registry_columns.split(' ') -%}
        select distinct
            '{{ model_name }}.{{ citing[-1] }}: {{ registry_name }} has no '
            || citing.{{ citing | join(" || ' ' || citing.") }} as problem
        from {{ ref(model_name) }} as citing
        left join {{ ref(registry_name) }} as registry
            on
                {%- for column_name in citing %}
                {{ 'and ' if not loop.first -}}
                citing.{{ column_name }} = registry.{{ known[loop.index0] }}
                {%- endfor %}
        where
            citing.{{ citing[-1] }} is not null
            and registry.{{ known[-1] }} is null
        {{ 'union all' if not loop.last }}
    {% endfor %}

)

{{ stop_if_any('problems') }}
{% endmacro %}

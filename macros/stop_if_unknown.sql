{#- Ends a data test: no row when every value that a model cites is in its registry.

    references  lists of the citing model, its column, the registry that has to know the
                value, its column -#}
{% macro stop_if_unknown(references) %}
with problems as (

    {% for model_name, column_name, registry_name, registry_column in references %}
        select distinct
            '{{ model_name }}.{{ column_name }}: {{ registry_name }} has no '
            || citing.{{ column_name }} as problem
        from {{ ref(model_name) }} as citing
        left join {{ ref(registry_name) }} as registry
            on citing.{{ column_name }} = registry.{{ registry_column }}
        where
            citing.{{ column_name }} is not null
            and registry.{{ registry_column }} is null
        {{ 'union all' if not loop.last }}
    {% endfor %}

)

{{ stop_if_any('problems') }}
{% endmacro %}

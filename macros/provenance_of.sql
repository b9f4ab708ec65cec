{#- The provenance of a row: what a source published is disclosed where the source belongs to
    a report on what the row is of. Reads `reports` of the model, its table of reports.

    columns   what the row is of, such as platform_id; one of no scenario is of all of them.
              Without columns the row is the report's own, whatever page carries it
    row       name of its relation where the model has several -#}
{% macro provenance_of(columns, row=none) -%}
    {%- set of = (row ~ '.') if row else '' -%}
    case
        when
            {{ of }}provenance = 'published'
            {%- if columns %}
            and {% if 'scenario_id' in columns -%}
                case
                    when {{ of }}scenario_id is null
                        then {{ cites_report(columns | reject('eq', 'scenario_id') | list, of) }}
                    else {{ cites_report(columns, of) }}
                end
            {%- else -%}
                {{ cites_report(columns, of) }}
            {%- endif %}
            {%- endif %}
            then 'disclosed'
        else {{ of }}provenance
    end
{%- endmacro %}


{#- Whether a row cites the source of a report that has the same columns.

    columns   the columns
    of        the name of its relation with a point behind, or nothing -#}
{% macro cites_report(columns, of) -%}
    {%- set names = columns + ['source_id'] -%}
    ({% for name in names %}{{ of }}{{ name }}{{ ', ' if not loop.last }}{% endfor %}) in (
        select {% for name in names %}cited.{{ name }}{{ ', ' if not loop.last }}{% endfor %}
        from reports as cited
    )
{%- endmacro %}

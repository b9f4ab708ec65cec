{#- The provenance of a row: what a source published is disclosed where the source is that of
    a report on what the row is of. Reads `reports` of the model, its table of reports.

    row       name of its relation
    columns   what it is of, such as platform_id; one of no scenario is of all of them -#}
{% macro provenance_of(row, columns) -%}
    case
        when
            {{ row }}.provenance = 'published'
            and exists (
                select 1
                from reports
                where
                    reports.source_id = {{ row }}.source_id
                    {%- for column in columns %}
                        and reports.{{ column }}
                        = {% if column == 'scenario_id' -%}
                            coalesce({{ row }}.scenario_id, reports.scenario_id)
                        {%- else -%}
                            {{ row }}.{{ column }}
                        {%- endif %}
                    {%- endfor %}
            )
            then 'disclosed'
        else {{ row }}.provenance
    end
{%- endmacro %}

{#- The provenance of a value in a window: one of another window is frozen, an assumption,
    unless it was synthetic.

    provenance             of the value in its own window
    reference_window_end   its own window; null when no one says which that is
    window_end             the window that it is used in -#}
{% macro provenance_in_window(provenance, reference_window_end, window_end) -%}
    case
        when
            {{ provenance }} = 'synthetic'
            or {{ reference_window_end }} = {{ window_end }}
            then {{ provenance }}
        else 'assumed'
    end
{%- endmacro %}

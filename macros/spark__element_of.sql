{% macro spark__element_of(numbers, position) -%}
    element_at(array({{ numbers | join(', ') }}), cast({{ position }} as int))
{%- endmacro %}

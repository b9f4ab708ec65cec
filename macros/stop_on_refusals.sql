{#- SQL that fails with the first reason why the merchants are not used, if there is one: a hook before
    a model that computes from them. -#}
{% macro stop_on_refusals() -%}
    select {{ raise_error('problem', dbt.type_string()) }} as problem
    from (
        select problem
        from {{ ref('int_survey__refusals') }}
        order by reason, problem
        limit 1
    ) as first_refusal
{%- endmacro %}

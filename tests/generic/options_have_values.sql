{#- Every option of a method gives some input a value, or says that it keeps the base values. -#}
{% test options_have_values(model) %}
    with taken as (

        select unnest(options) as option_text
        from {{ model }}

    )

    select
        choices.seed || ' line ' || choices.seed_line || ': ' || choices.method_id || ': ' || choices.decision_id || '=' || choices.option_id
        || ' has no values: write them to method/overlays.csv, or set keeps_base'
            as problem
    from {{ ref('dim_choices') }} as choices
    where
        not choices.keeps_base
        -- a shipped method that no scenario of the build uses has no separate values
        and choices.method_id in (select scenarios.method_id from {{ ref('dim_scenarios') }} as scenarios)
        and choices.decision_id || '=' || choices.option_id
        not in (select taken.option_text from taken)
{% endtest %}

{#- An SQL expression that holds in every row; an unknown result (null) does not hold.

    expression    the expression
    key_columns   the columns that name a row in the message
    says          what is wrong where it does not hold; the expression without
    has_place     whether the rows know their file and line -#}
{% test expression_is_true(model, expression, key_columns, says=none, has_place=false) %}

with problems as (

    select
        {{ 'seed, seed_line,' if has_place }}
        {{ row_name(key_columns) }}
        || ': {{ dbt.escape_single_quotes(says or "not true that " ~ expression) }}' as problem
    from {{ model }}
    where ({{ expression }}) is not true

)

select * from problems

{% endtest %}

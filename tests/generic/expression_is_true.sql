{#- An SQL expression that holds in every row; an unknown result (null) does not hold.

    expression    the expression
    key_columns   the columns that name a row in the message -#}
{% test expression_is_true(model, expression, key_columns) %}

with problems as (

    select
        {{ row_name(key_columns) }}
        || ': not true that {{ dbt.escape_single_quotes(expression) }}' as problem
    from {{ model }}
    where ({{ expression }}) is not true

)

select * from problems

{% endtest %}

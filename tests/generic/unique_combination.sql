{#- The key of a model: no two rows share it and no part of it is missing.

    columns   the columns of the key -#}
{% test unique_combination(model, columns) %}

with problems as (

    select {{ row_name(columns) }} || ' in ' || count(*) || ' rows' as problem
    from {{ model }}
    group by {{ columns | join(", ") }}
    having count(*) > 1 or {{ columns | join(" is null or ") }} is null

)

select * from problems

{% endtest %}

{#- Ends a data test: no row when there is no problem, else an error that says what is
    wrong. A failed test as such would only print how many rows failed.

    relation   a CTE with a text column `problem`, one problem a row -#}
{% macro stop_if_any(relation) -%}
    select number_of_problems
    from (
        select
            count(*) as number_of_problems,
            {{ dbt.listagg('problem', "'; '", 'order by problem', 20) }} as first_problems
        from {{ relation }}
    ) as problems_found
    where
        case
            when number_of_problems > 0
                then {{ stop_with(
                    "'problems: ' || number_of_problems || '. '"
                    ~ " || coalesce(first_problems, 'no text')",
                    "boolean"
                ) }}
        end is not null
{%- endmacro %}

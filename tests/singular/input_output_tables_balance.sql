-- depends_on: {{ ref('aud_expectation_results') }}
-- so that it runs last: a failed test holds up whatever depends on its models, and the
-- figures that are off would not be named
{#- Domestic flows are published with two digits after the point: three amounts, each
    rounded by at most 0.005. -#}
{% set tolerance_yi_yuan = 0.015 %}
with totals as (

    select * from {{ ref('stg_economy__input_output_totals') }}

),

by_origin as (

    select
        table_year,
        sum(case when origin = 'total' then intermediate_use_yi_yuan end)
        - sum(case when origin != 'total' then intermediate_use_yi_yuan end)
            as intermediate_use_difference,
        sum(case when origin = 'total' then final_use_yi_yuan end)
        - sum(case when origin != 'total' then final_use_yi_yuan end)
            as final_use_difference
    from totals
    group by table_year

),

problems as (

    select
        {{ row_name(['table_year', 'origin']) }}
        || ': uses less imports do not add up to gross output' as problem
    from totals
    where
        abs(
            intermediate_use_yi_yuan + final_use_yi_yuan
            - coalesce(imports_yi_yuan, 0) + coalesce(statistical_error_yi_yuan, 0)
            - gross_output_yi_yuan
        ) > {{ tolerance_yi_yuan }}

    union all

    select
        {{ row_name(['table_year', 'origin']) }}
        || ': intermediate inputs and value added do not add up to gross output'
            as problem
    from totals
    where
        abs(
            intermediate_use_yi_yuan + value_added_yi_yuan - gross_output_yi_yuan
        ) > {{ tolerance_yi_yuan }}

    union all

    select
        table_year || ': domestic and imported products do not add up to the total'
            as problem
    from by_origin
    where
        abs(intermediate_use_difference) > {{ tolerance_yi_yuan }}
        or abs(final_use_difference) > {{ tolerance_yi_yuan }}

    union all

    select
        {{ row_name(['table_year', 'origin']) }}
        || ': exports above final use' as problem
    from totals
    where exports_yi_yuan > final_use_yi_yuan

)

select * from problems

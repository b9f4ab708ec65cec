with inputs as (

    select * from {{ ref('int_chain__all_inputs') }}

),

problems as (

    -- the same in every window
    select distinct
        {{ row_name(['platform_id', 'scenario_id']) }}
        || ': ' || input_name || ' of ' || {{ rounded_number('central', 2) }}
        || ' may be zero or less, as its standard error is as large' as problem,
        'survey more merchants, or take other coefficients in the scenario' as remedy
    from inputs
    where interval_method is not null and low is null

)

select * from problems

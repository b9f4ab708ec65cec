with inputs as (

    select * from {{ ref('int_chain__inputs') }}

),

problems as (

    -- the same in every window
    select distinct
        {{ row_name(['platform_id', 'scenario_id']) }}
        || ': ' || input_name || ' of ' || {{ rounded_number('central', 2) }}
        || ' may be zero or less, as its standard error is as large; survey more'
        || ' merchants, or take other coefficients in the scenario' as problem
    from inputs
    where interval_method is not null and low is null

)

{{ stop_if_any('problems') }}

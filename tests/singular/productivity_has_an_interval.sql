-- Stops everything that is made from the intervals.
with sampled_inputs as (

    select * from {{ ref('int_merchants__sampled_inputs') }}

),

problems as (

    -- the same in every window
    select distinct
        {{ row_name(['platform_id', 'scenario_id']) }}
        || ': productivity of ' || {{ rounded_number('central', 2) }}
        || ' wan_yuan a job may be zero or less, as its standard error is as large;'
        || ' survey more merchants, or take other coefficients in the scenario'
            as problem
    from sampled_inputs
    where low is null

)

{{ stop_if_any('problems') }}

-- Stops everything that is made from the intervals.
with intervals as (

    select * from {{ ref('est_employment_intervals') }}

),

scenarios as (

    select distinct
        platform_id,
        scenario_id
    from intervals
    where conf_low is null or conf_high is null

),

problems as (

    select
        {{ row_name(['platform_id', 'scenario_id']) }}
        || ': productivity is zero or less for some values that its coefficients and'
        || ' its mean turnover may have; take others in the scenario' as problem
    from scenarios

)

{{ stop_if_any('problems') }}

-- A row of the registry without a function behind it would be missed by no one.
with estimators as (

    select * from {{ ref('dim_estimators') }}

),

comparison as (

    select * from {{ ref('est_estimator_comparison') }}

),

samples as (

    select distinct
        platform_id,
        sample_id
    from comparison

),

problems as (

    select
        samples.platform_id || ' ' || samples.sample_id || ': estimator '
        || estimators.estimator_id || ' is not compared' as problem
    from samples
    cross join estimators
    left join comparison
        on
            samples.platform_id = comparison.platform_id
            and samples.sample_id = comparison.sample_id
            and estimators.estimator_id = comparison.estimator_id
    where comparison.estimator_id is null

)

select * from problems

-- Apart from the references of inputs: `platform-employment check` makes no estimate.
with comparison as (

    select * from {{ ref('est_estimator_comparison') }}

),

estimators as (

    select * from {{ ref('dim_estimators') }}

),

problems as (

    select distinct
        'the comparison has the estimator ' || comparison.estimator_id
        || ', which the registry has not' as problem,
        'add it to seeds/reference/estimators.csv' as remedy
    from comparison
    left join estimators
        on comparison.estimator_id = estimators.estimator_id
    where estimators.estimator_id is null

)

select * from problems

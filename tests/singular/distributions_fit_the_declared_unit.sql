-- Stops everything that is made from the sample; aud_distribution_checks is made
-- nevertheless, as it does not read the counts.
-- depends_on: {{ ref('stg_survey__merchant_counts') }}
with distribution_checks as (

    select * from {{ ref('int_survey__distribution_checks') }}

),

problems as (

    select
        message as problem,
        'this cannot be: look for 元 in place of 万元 or the like' as remedy
    from distribution_checks
    where result = 'stop'

)

select * from problems

{{ config(severity='warn') }}

with distribution_checks as (

    select * from {{ ref('int_survey__distribution_checks') }}

),

problems as (

    select message as problem
    from distribution_checks
    where result = 'warning'

)

select * from problems

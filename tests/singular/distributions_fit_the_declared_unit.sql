with refusals as (

    select * from {{ ref('int_survey__refusals') }}

),

problems as (

    select problem
    from refusals
    where reason = 'unit'

)

select * from problems

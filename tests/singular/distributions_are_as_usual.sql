{{ config(severity='warn') }}

with distribution_checks as (

    select * from {{ ref('int_survey__distribution_checks') }}

),

final as (

    select message
    from distribution_checks
    where result = 'warning'

)

select * from final

-- Stops everything that is made from the sample.
-- depends_on: {{ ref('int_survey__merchants') }}
with distribution_checks as (

    select * from {{ ref('int_survey__distribution_checks') }}

),

problems as (

    select
        message || '; this cannot be, look for 元 in place of 万元 or the like'
            as problem
    from distribution_checks
    where result = 'stop'

)

{{ stop_if_any('problems') }}

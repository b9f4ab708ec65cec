with results as (

    select * from {{ ref('aud_expectation_results') }}

),

problems as (

    select message as problem
    from results
    where not is_success

    union all

    select 'no expectation was evaluated' as problem
    from results
    having count(*) = 0

)

{{ stop_if_any('problems') }}

-- Nothing is computed of a table that fails a check, so a choice would silently lack it.
with checks as (

    select * from {{ ref('aud_input_output_checks') }}

),

problems as (

    select
        coalesce(seed, '') || coalesce(' line ' || seed_line, '') || ': ' || table_id
        || ': ' || check_id || ': ' || message as problem
    from checks
    where outcome = 'failed'

)

{{ stop_if_any('problems') }}

-- Nothing is computed of a table that fails a check: its readers would go without.
with checks as (

    select * from {{ ref('aud_input_output_checks') }}
    where outcome = 'failed'

),

problems as (

    select
        seed,
        seed_line,
        table_id || ': ' || check_id || ': ' || found as problem
    from checks

)

select * from problems

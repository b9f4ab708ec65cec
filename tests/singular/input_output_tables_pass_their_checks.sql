-- Nothing is computed of a table that fails a check: its readers would go without.
with checks as (

    select * from {{ ref('aud_input_output_checks') }}
    where outcome = 'failed'

),

problems as (

    select
        {{ row_name(['table_id', 'seed', 'seed_line']) }} || ': ' || check_id || ': '
        || found as problem
    from checks

)

{{ stop_if_any('problems') }}

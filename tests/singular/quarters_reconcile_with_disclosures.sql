with reconciliations as (

    select * from {{ ref('aud_gmv_reconciliation') }}

),

problems as (

    select
        disclosure_id || ': the quarters add up to ' || quarters_gmv_yi_yuan
        || ' yi_yuan, disclosed are ' || gmv_yi_yuan || ' (tolerance '
        || tolerance_yi_yuan || ', the rounding of all amounts)' as problem
    from reconciliations
    where not is_reconciled

)

{{ stop_if_any('problems') }}

with estimated as (

    select * from {{ ref('est_multipliers') }}
    where record = 'check'

),

final as (

    select
        table_id,
        check_number,
        check_id,
        import_convention,
        outcome,
        found,
        -- rounding of a solver is not the same on every machine
        cast(measured as decimal(24, 9)) as measured,
        cast(limit_value as decimal(24, 12)) as limit_value,
        sector_code,
        seed,
        seed_line
    from estimated

)

select * from final

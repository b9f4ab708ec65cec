with reconciliations as (

    {{ gmv_reconciliations() }}

),

final as (

    select
        platform_id,
        disclosure_id,
        formula,
        period_start,
        period_end,
        cast(gmv_yi_yuan as decimal(18, 4)) as gmv_yi_yuan,
        cast(formula_gmv_yi_yuan as decimal(18, 4)) as formula_gmv_yi_yuan,
        cast(difference_yi_yuan as decimal(18, 4)) as difference_yi_yuan,
        cast(tolerance_yi_yuan as decimal(18, 4)) as tolerance_yi_yuan,
        is_reconciled,
        is_superseded,
        seed,
        seed_line
    from reconciliations

)

select * from final

-- Intermediate use carried by one unit of final use. The report rounds its ratio to
-- three digits before it multiplies (372.9 x 1.475), so the chain uses the rounded one.
with totals as (

    select * from {{ ref('stg_economy__input_output_totals') }}

),

ratios as (

    select
        table_year,
        case origin
            when 'total' then 'total_use'
            when 'domestic' then 'domestic_use'
        end as ratio_definition,
        intermediate_use_yi_yuan,
        final_use_yi_yuan,
        cast(
            cast(intermediate_use_yi_yuan as double)
            / cast(final_use_yi_yuan as double) as decimal(12, 9)
        ) as unrounded_supply_chain_ratio,
        provenance,
        source_id
    from totals
    where origin in ('total', 'domestic')

),

final as (

    select
        table_year,
        ratio_definition,
        intermediate_use_yi_yuan,
        final_use_yi_yuan,
        unrounded_supply_chain_ratio,
        cast(round(unrounded_supply_chain_ratio, 3) as decimal(6, 3))
            as supply_chain_ratio,
        'derived' as provenance,
        source_id
    from ratios

)

select * from final

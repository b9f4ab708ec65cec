with estimated as (

    select * from {{ ref('est_multipliers') }}
    where record = 'multiplier'

),

final as (

    select
        table_id,
        table_year,
        sectors,
        import_convention,
        multiplier_type,
        quantity,
        demand,
        coalesce(sector_code, '-') as sector_code,
        table_id || '/' || sector_code as sector_key,
        cast(final_demand as decimal(24, 8)) as final_demand,
        money_unit,
        cast(direct as decimal(24, 8)) as direct,
        cast(total as decimal(24, 8)) as total,
        case when quantity = 'jobs' then 'wan_persons' else money_unit end as unit,
        cast(total_over_direct as decimal(18, 9)) as total_over_direct,
        cast(indirect_over_direct as decimal(18, 9)) as indirect_over_direct,
        cast(total_over_direct_scaled as decimal(18, 9)) as total_over_direct_scaled,
        cast(indirect_over_direct_scaled as decimal(18, 9)) as indirect_over_direct_scaled,
        cast(backward_linkage as decimal(18, 9)) as backward_linkage,
        provenance,
        source_id
    from estimated

)

select * from final

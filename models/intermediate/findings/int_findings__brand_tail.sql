-- The report counts brands above 5000 and above 10,000 万元 of annual GMV. If the tail
-- falls by one power law, which is assumed, both counts give its exponent.
with figures as (

    select * from {{ ref('stg_report__figure_ledger') }}

),

-- the bounds stand in words in the notes of the two figures
counts as (

    select
        5000.0 as lower_bound_wan_yuan,
        10000.0 as bound_wan_yuan,
        cast(max(
            case when figure_id = 'ch2_brands_gmv_over_5000_wan' then value end
        ) as double) as brands_over_lower_bound,
        cast(max(
            case when figure_id = 'ch2_brands_gmv_over_1_yi' then value end
        ) as double) as brands_over_bound
    from figures

),

final as (

    select
        bound_wan_yuan,
        brands_over_bound,
        ln(brands_over_lower_bound / brands_over_bound)
        / ln(bound_wan_yuan / lower_bound_wan_yuan) as tail_exponent,
        'assumed' as weakest_provenance
    from counts

)

select * from final

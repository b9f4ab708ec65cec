-- f(x) = b0 + b1 x + b2 x^2 with b2 < 0 peaks at -b1 / (2 b2) and is negative beyond
-- its larger root.
with published as (

    select * from {{ ref('stg_platform__published_coefficients') }}

),

brands as (

    select * from {{ ref('int_findings__brand_tail') }}

),

curves as (

    select
        published.platform_id,
        -published.turnover / (2 * cast(published.turnover_squared as double)) as peak,
        -(
            published.turnover + sqrt(
                power(published.turnover, 2)
                - 4 * cast(published.turnover_squared as double) * published.intercept
            )
        ) / (2 * cast(published.turnover_squared as double)) as zero,
        brands.brands_over_bound,
        brands.bound_wan_yuan,
        brands.tail_exponent,
        brands.weakest_provenance as tail_provenance,
        published.provenance
    from published
    cross join brands
    -- a parabola that opens downwards from a positive productivity
    where published.turnover_squared < 0 and published.intercept > 0

),

final as (

    select
        platform_id,
        'productivity_peak' as finding_id,
        peak as value,
        {{ rounded_number('peak', 0) }} as number_1,
        {{ rounded_number('brands_over_bound', 0) }} as number_2,
        {{ rounded_number('bound_wan_yuan', 0) }} as number_3,
        provenance as weakest_provenance
    from curves

    union all

    select
        platform_id,
        'productivity_zero' as finding_id,
        zero as value,
        {{ rounded_number('zero', 0) }} as number_1,
        null as number_2,
        null as number_3,
        provenance as weakest_provenance
    from curves

    union all

    select
        platform_id,
        'brands_beyond_zero' as finding_id,
        brands_over_bound * power(bound_wan_yuan / zero, tail_exponent) as value,
        {{ rounded_number(
            'brands_over_bound * power(bound_wan_yuan / peak, tail_exponent)', 0
        ) }} as number_1,
        {{ rounded_number(
            'brands_over_bound * power(bound_wan_yuan / zero, tail_exponent)', 0
        ) }} as number_2,
        {{ rounded_number('tail_exponent', 2) }} as number_3,
        tail_provenance as weakest_provenance
    from curves

)

select * from final

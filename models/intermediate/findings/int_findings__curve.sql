-- A curve with b2 < 0 peaks at -b1 / (2 b2) and is negative beyond its larger root.
with published_curves as (

    select * from {{ ref('int_findings__published_curves') }}

),

tails as (

    select * from {{ ref('int_findings__turnover_tails') }}

),

curves as (

    select
        report_id,
        -b1 / (2 * b2) as peak,
        -(b1 + sqrt(power(b1, 2) - 4 * b2 * b0)) / (2 * b2) as zero,
        curve_provenance as provenance
    from published_curves
    -- a parabola that opens downwards from a positive productivity
    where b2 < 0 and b0 > 0

),

beyond as (

    select
        curves.*,
        tails.businesses,
        tails.bound_wan_yuan,
        tails.tail_exponent,
        tails.businesses
        * power(tails.bound_wan_yuan / curves.peak, tails.tail_exponent)
            as beyond_peak,
        tails.businesses
        * power(tails.bound_wan_yuan / curves.zero, tails.tail_exponent)
            as beyond_zero,
        tails.weakest_provenance as tail_provenance
    from curves
    inner join tails
        on curves.report_id = tails.report_id

),

final as (

    select
        report_id,
        'curve_peak' as rule,
        '-' as subject,
        peak as value,
        {{ rounded_number('peak', 0) }} as number_1,
        {{ rounded_number('businesses', 0) }} as number_2,
        {{ rounded_number('bound_wan_yuan', 0) }} as number_3,
        provenance as weakest_provenance,
        'coefficient' as about
    from beyond

    union all

    select
        report_id,
        'curve_zero' as rule,
        '-' as subject,
        zero as value,
        {{ rounded_number('zero', 0) }} as number_1,
        null as number_2,
        null as number_3,
        provenance as weakest_provenance,
        'coefficient' as about
    from curves

    union all

    select
        report_id,
        'beyond_the_curve' as rule,
        '-' as subject,
        beyond_zero as value,
        {{ rounded_number('beyond_peak', 0) }} as number_1,
        {{ rounded_number('beyond_zero', 0) }} as number_2,
        {{ rounded_number('tail_exponent', 2) }} as number_3,
        tail_provenance as weakest_provenance,
        'coefficient' as about
    from beyond

)

select * from final

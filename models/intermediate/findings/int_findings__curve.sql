-- A curve with b2 < 0 peaks at -b1 / (2 b2) and is negative beyond its larger root.
-- Where a report counts businesses above two bounds of turnover and the tail falls by
-- one power law, which is assumed, both counts give its exponent: so many lie beyond.
with reports as (

    select * from {{ ref('dim_reports') }}

),

published as (

    select * from {{ ref('stg_platform__published_coefficients') }}

),

figures as (

    select * from {{ ref('stg_report__figure_ledger') }}

),

inputs as (

    select * from {{ ref('dim_inputs') }}

),

curves as (

    select
        reports.report_id,
        cast(published.intercept as double) as b0,
        cast(published.turnover as double) as b1,
        cast(published.turnover_squared as double) as b2,
        published.provenance
    from reports
    inner join published
        on
            reports.platform_id = published.platform_id
            and reports.window_end = published.window_end
    -- a parabola that opens downwards from a positive productivity
    where published.turnover_squared < 0 and published.intercept > 0

),

points as (

    select
        *,
        -b1 / (2 * b2) as peak,
        -(b1 + sqrt(power(b1, 2) - 4 * b2 * b0)) / (2 * b2) as zero
    from curves

),

bounds as (

    select
        figures.report_id,
        figures.unit,
        cast(figures.value as double) as businesses,
        cast(figures.threshold as double) as bound,
        row_number() over (
            partition by figures.report_id, figures.unit order by figures.threshold
        ) as position
    from figures
    inner join inputs
        on
            figures.threshold_unit = inputs.unit
            and inputs.role = 'turnover'

),

beyond as (

    select
        points.*,
        upper_bounds.businesses,
        upper_bounds.bound,
        ln(lower_bounds.businesses / upper_bounds.businesses)
        / ln(upper_bounds.bound / lower_bounds.bound) as tail_exponent
    from points
    inner join bounds as lower_bounds
        on
            points.report_id = lower_bounds.report_id
            and lower_bounds.position = 1
    inner join bounds as upper_bounds
        on
            points.report_id = upper_bounds.report_id
            and lower_bounds.unit = upper_bounds.unit
            and upper_bounds.position = 2

),

final as (

    select
        report_id,
        'curve_peak' as rule,
        '-' as subject,
        peak as value,
        {{ rounded_number('peak', 0) }} as number_1,
        {{ rounded_number('businesses', 0) }} as number_2,
        {{ rounded_number('bound', 0) }} as number_3,
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
    from points

    union all

    select
        report_id,
        'beyond_the_curve' as rule,
        '-' as subject,
        businesses * power(bound / zero, tail_exponent) as value,
        {{ rounded_number('businesses * power(bound / peak, tail_exponent)', 0) }}
            as number_1,
        {{ rounded_number('businesses * power(bound / zero, tail_exponent)', 0) }}
            as number_2,
        {{ rounded_number('tail_exponent', 2) }} as number_3,
        'assumed' as weakest_provenance,
        'coefficient' as about
    from beyond

)

select * from final

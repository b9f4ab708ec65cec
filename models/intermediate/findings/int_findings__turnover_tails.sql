-- Where a report counts businesses above two bounds of turnover and the tail falls by
-- one power law, which is assumed, both counts give its exponent.
with figures as (

    select * from {{ ref('stg_report__figure_ledger') }}

),

inputs as (

    select * from {{ ref('dim_inputs') }}

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

final as (

    select
        lower_bounds.report_id,
        upper_bounds.bound as bound_wan_yuan,
        upper_bounds.businesses,
        ln(lower_bounds.businesses / upper_bounds.businesses)
        / ln(upper_bounds.bound / lower_bounds.bound) as tail_exponent,
        'assumed' as weakest_provenance
    from bounds as lower_bounds
    inner join bounds as upper_bounds
        on
            lower_bounds.report_id = upper_bounds.report_id
            and lower_bounds.unit = upper_bounds.unit
    where lower_bounds.position = 1 and upper_bounds.position = 2

)

select * from final

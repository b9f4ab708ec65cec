-- What the inputs of a printed curve leave open. The mean turnover m that its jobs
-- imply: the two roots add up to -b1 / b2, and GMV / m are the merchants. The printing:
-- a coefficient may lie anywhere within half a unit of its last digit; at a given m f
-- rises with each of them, and the jobs fall.
with steps as (

    select * from {{ ref('int_verification__report_steps') }}

),

used_with as (

    select
        report_id,
        max(case when role = 'gmv' then cast(value as double) end) as gmv_yi_yuan,
        max(case when role = 'turnover' then cast(value as double) end) as m,
        max(case when role = 'turnover' then weakest_provenance end)
            as mean_turnover_provenance
    from steps
    group by report_id

),

curves as (

    select
        used_with.*,
        cast(published.intercept as double) as b0,
        cast(published.turnover as double) as b1,
        cast(published.turnover_squared as double) as b2,
        cast(published.intercept_half_width as double) as b0_half_width,
        cast(published.turnover_half_width as double) as b1_half_width,
        cast(published.turnover_squared_half_width as double) as b2_half_width,
        scenarios.mean_turnover_source = 'implied' as is_implied
    from {{ ref('dim_reports') }} as reports
    inner join {{ ref('dim_scenarios') }} as scenarios
        on
            reports.platform_id = scenarios.platform_id
            and reports.scenario_id = scenarios.scenario_id
    inner join {{ ref('stg_platform__published_coefficients') }} as published
        on
            reports.platform_id = published.platform_id
            and reports.window_end = published.window_end
    inner join used_with
        on reports.report_id = used_with.report_id

),

productivities as (

    select
        *,
        b0 + b1 * m + b2 * power(m, 2) as productivity,
        b0 + 1.1 * b1 * m + b2 * power(1.1 * m, 2) as productivity_at_higher_m
    from curves

),

half_widths as (

    {% for subject, half_width in [
        ('all', 'b0_half_width + b1_half_width * m + b2_half_width * power(m, 2)'),
        ('intercept', 'b0_half_width'),
        ('turnover', 'b1_half_width * m'),
        ('turnover_squared', 'b2_half_width * power(m, 2)'),
    ] %}
        select
            *,
            '{{ subject }}' as subject,
            {{ half_width }} as half_width
        from productivities
        {{ 'union all' if not loop.last }}
    {% endfor %}

),

final as (

    select
        report_id,
        'implied_turnover' as rule,
        '-' as subject,
        m as value,
        {{ rounded_number('gmv_yi_yuan / productivity', 1) }} as number_1,
        {{ rounded_number('m', 2) }} as number_2,
        -- a straight line has one root
        {{ rounded_number('-b1 / nullif(b2, 0) - m', 0) }} as number_3,
        mean_turnover_provenance as weakest_provenance,
        'turnover' as about
    from productivities
    where is_implied

    union all

    select
        report_id,
        'implied_merchants' as rule,
        '-' as subject,
        gmv_yi_yuan / m as value,
        {{ rounded_number('gmv_yi_yuan / m', 1) }} as number_1,
        {{ rounded_number('m / productivity', 1) }} as number_2,
        null as number_3,
        mean_turnover_provenance as weakest_provenance,
        'turnover' as about
    from productivities
    where is_implied

    union all

    select
        report_id,
        'higher_turnover' as rule,
        '-' as subject,
        100 * (productivity / productivity_at_higher_m - 1) as value,
        {{ rounded_number('gmv_yi_yuan / productivity_at_higher_m', 1) }} as number_1,
        {{ rounded_number('gmv_yi_yuan / productivity', 1) }} as number_2,
        null as number_3,
        mean_turnover_provenance as weakest_provenance,
        'turnover' as about
    from productivities

    union all

    select
        report_id,
        'printed_coefficients' as rule,
        subject,
        gmv_yi_yuan / (productivity - half_width) - gmv_yi_yuan / productivity as value,
        {{ rounded_number('gmv_yi_yuan / (productivity + half_width)', 2) }}
            as number_1,
        {{ rounded_number('gmv_yi_yuan / (productivity - half_width)', 2) }}
            as number_2,
        null as number_3,
        mean_turnover_provenance as weakest_provenance,
        'coefficient' as about
    from half_widths

)

select * from final

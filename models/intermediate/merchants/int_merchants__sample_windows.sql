-- Only a scenario can say which window a merchant sample is of.
with scenarios as (

    select * from {{ ref('dim_scenarios') }}

),

final as (

    select distinct
        platform_id,
        sample_id,
        report_window_end
    from scenarios
    where
        report_window_end is not null
        and (coefficient_source = 'fitted' or mean_turnover_source = 'sample')

)

select * from final

with merchant_jobs as (

    select * from {{ ref('int_merchants__jobs') }}

),

final as (

    select
        platform_id,
        window_end,
        scenario_id,
        'gmv' as input_name,
        gmv_formula as input_reference,
        gmv_provenance as provenance
    from merchant_jobs

    union all

    select
        platform_id,
        window_end,
        scenario_id,
        'productivity_coefficients' as input_name,
        coefficient_source as input_reference,
        coefficient_provenance as provenance
    from merchant_jobs

    union all

    select
        platform_id,
        window_end,
        scenario_id,
        'mean_turnover' as input_name,
        mean_turnover_source as input_reference,
        mean_turnover_provenance as provenance
    from merchant_jobs

)

select * from final

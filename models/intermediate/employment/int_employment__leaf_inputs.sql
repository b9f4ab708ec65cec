-- What each calculated component rests on, one input a row, with its provenance.
with scenarios as (

    select * from {{ ref('dim_scenarios') }}

),

content_inputs as (

    select * from {{ ref('int_employment__content_inputs') }}

),

merchant_inputs as (

    select * from {{ ref('int_merchants__job_inputs') }}

),

supply_chain_jobs as (

    select * from {{ ref('int_employment__supply_chain_jobs') }}

),

final as (

    select
        scenarios.platform_id,
        content_inputs.window_end,
        scenarios.scenario_id,
        content_inputs.component_id,
        content_inputs.input_name,
        content_inputs.input_reference,
        content_inputs.provenance
    from scenarios
    inner join content_inputs
        on scenarios.platform_id = content_inputs.platform_id

    union all

    select
        platform_id,
        window_end,
        scenario_id,
        'merchants' as component_id,
        input_name,
        input_reference,
        provenance
    from merchant_inputs

    union all

    -- supply chain jobs are a multiple of merchant jobs and rest on the same inputs
    select
        platform_id,
        window_end,
        scenario_id,
        'supply_chain' as component_id,
        input_name,
        input_reference,
        provenance
    from merchant_inputs

    union all

    select
        platform_id,
        window_end,
        scenario_id,
        'supply_chain' as component_id,
        'supply_chain_ratio' as input_name,
        cast(table_year as varchar) || ' ' || ratio_definition as input_reference,
        ratio_provenance as provenance
    from supply_chain_jobs

)

select * from final

-- What each calculated component rests on, one input a row, with its provenance.
with scenarios as (

    select * from {{ ref('stg_reference__scenarios') }}

),

input_periods as (

    select * from {{ ref('int_employment__input_periods') }}

),

creators as (

    select * from {{ ref('stg_platform__creators_with_income') }}

),

tiers as (

    select * from {{ ref('stg_platform__creator_tiers') }}

),

institutions as (

    select * from {{ ref('stg_platform__institutions') }}

),

merchant_jobs as (

    select * from {{ ref('int_merchants__jobs') }}

),

supply_chain_ratios as (

    select * from {{ ref('int_economy__supply_chain_ratios') }}

),

datasets as (

    select
        'direct' as component_id,
        'creators_with_income' as dataset,
        platform_id,
        period_start,
        provenance
    from creators

    union

    select
        'creator_teams' as component_id,
        'creator_tiers' as dataset,
        platform_id,
        period_start,
        provenance
    from tiers

    union

    select
        'institutions' as component_id,
        'institutions' as dataset,
        platform_id,
        period_start,
        provenance
    from institutions

),

merchant_inputs as (

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

),

final as (

    select
        scenarios.platform_id,
        input_periods.window_end,
        scenarios.scenario_id,
        datasets.component_id,
        datasets.dataset as input_name,
        cast(input_periods.period_start as varchar) as input_reference,
        case
            when input_periods.is_carried_forward then 'assumed'
            else datasets.provenance
        end as provenance
    from scenarios
    inner join input_periods
        on scenarios.platform_id = input_periods.platform_id
    inner join datasets
        on
            input_periods.platform_id = datasets.platform_id
            and input_periods.dataset = datasets.dataset
            and input_periods.period_start = datasets.period_start

    union

    select
        platform_id,
        window_end,
        scenario_id,
        'merchants' as component_id,
        input_name,
        input_reference,
        provenance
    from merchant_inputs

    union

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

    union

    select
        merchant_jobs.platform_id,
        merchant_jobs.window_end,
        merchant_jobs.scenario_id,
        'supply_chain' as component_id,
        'supply_chain_ratio' as input_name,
        cast(scenarios.table_year as varchar)
        || ' ' || scenarios.ratio_definition as input_reference,
        supply_chain_ratios.provenance
    from merchant_jobs
    inner join scenarios
        on
            merchant_jobs.platform_id = scenarios.platform_id
            and merchant_jobs.scenario_id = scenarios.scenario_id
    inner join supply_chain_ratios
        on
            scenarios.table_year = supply_chain_ratios.table_year
            and scenarios.ratio_definition = supply_chain_ratios.ratio_definition

)

select * from final

-- The ratio counts imported inputs as jobs at home: the same ratio over domestic
-- flows.
with report_chain as (

    select * from {{ ref('int_findings__report_chain') }}

),

ratios as (

    select * from {{ ref('int_economy__supply_chain_ratios') }}

),

totals as (

    select * from {{ ref('stg_economy__input_output_totals') }}

),

imports as (

    select
        total.table_year,
        100 * cast(imported.intermediate_use_yi_yuan as double)
        / total.intermediate_use_yi_yuan as imported_percent
    from totals as total
    inner join totals as imported
        on total.table_year = imported.table_year
    where total.origin = 'total' and imported.origin = 'imported'

),

recalculated as (

    select
        report_chain.*,
        imports.imported_percent,
        ratios.supply_chain_ratio as domestic_ratio,
        report_chain.merchant_jobs_wan * (1 + ratios.supply_chain_ratio)
            as domestic_jobs_wan
    from report_chain
    inner join ratios
        on report_chain.table_year = ratios.table_year
    inner join imports
        on report_chain.table_year = imports.table_year
    where ratios.ratio_definition = 'domestic_use'

),

final as (

    select
        platform_id,
        'imports_in_ratio' as finding_id,
        100 * (domestic_jobs_wan / e_commerce_jobs_wan - 1) as value,
        {{ rounded_number('imported_percent', 1) }} as number_1,
        {{ rounded_number('domestic_ratio', 3) }} as number_2,
        {{ rounded_number('domestic_jobs_wan', 1) }} as number_3,
        weakest_provenance
    from recalculated

)

select * from final

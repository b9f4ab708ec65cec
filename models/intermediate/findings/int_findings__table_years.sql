-- E-commerce jobs with the ratio of another input-output table.
with report_chain as (

    select * from {{ ref('int_findings__report_chain') }}

),

ratios as (

    select * from {{ ref('int_economy__supply_chain_ratios') }}

),

recalculated as (

    select
        report_chain.*,
        ratios.table_year as other_table_year,
        ratios.supply_chain_ratio as other_ratio,
        report_chain.merchant_jobs_wan * (1 + ratios.supply_chain_ratio)
            as other_jobs_wan
    from report_chain
    inner join ratios
        on
            report_chain.ratio_definition = ratios.ratio_definition
            and report_chain.table_year != ratios.table_year
    -- 2012: the same school's earlier reports; 2018 and 2020: the newer tables
    where ratios.table_year in (2012, 2018, 2020)

),

final as (

    select
        platform_id,
        'table_year_' || cast(other_table_year as varchar) as finding_id,
        100 * (other_jobs_wan / e_commerce_jobs_wan - 1) as value,
        {{ rounded_number('other_ratio', 3) }} as number_1,
        {{ rounded_number('other_jobs_wan', 1) }} as number_2,
        {{ rounded_number('e_commerce_jobs_wan', 1) }} as number_3,
        weakest_provenance
    from recalculated

)

select * from final

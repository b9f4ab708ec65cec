-- The ratio is one of output. Used for jobs, it takes suppliers to sell as much per
-- job as the merchants do; here suppliers have the output per worker of the whole
-- economy in the year of the table.
with report_chain as (

    select * from {{ ref('int_findings__report_chain') }}

),

totals as (

    select * from {{ ref('stg_economy__input_output_totals') }}

),

national_employment as (

    select * from {{ ref('stg_economy__national_employment') }}

),

recalculated as (

    select
        report_chain.platform_id,
        report_chain.supply_chain_jobs_wan,
        report_chain.weakest_provenance,
        report_chain.gmv_yi_yuan / report_chain.merchant_jobs_wan
            as merchant_output_wan_yuan,
        -- 亿元 / 万 persons = 万元 a person
        cast(totals.gross_output_yi_yuan as double)
        / national_employment.employed_persons_wan as national_output_wan_yuan,
        report_chain.gmv_yi_yuan * report_chain.supply_chain_ratio
        * national_employment.employed_persons_wan / totals.gross_output_yi_yuan
            as jobs_at_national_output_wan
    from report_chain
    inner join totals
        on report_chain.table_year = totals.table_year
    inner join national_employment
        on report_chain.table_year = national_employment.year
    where totals.origin = 'total'

),

final as (

    select
        platform_id,
        'output_per_worker' as finding_id,
        100 * (jobs_at_national_output_wan / supply_chain_jobs_wan - 1) as value,
        {{ rounded_number('merchant_output_wan_yuan', 1) }} as number_1,
        {{ rounded_number('national_output_wan_yuan', 1) }} as number_2,
        {{ rounded_number('jobs_at_national_output_wan', 1) }} as number_3,
        weakest_provenance
    from recalculated

)

select * from final

-- Reports of other platforms whose jobs per direct job are the ratio of the 2012
-- table.
with report_chain as (

    select * from {{ ref('int_findings__report_chain') }}

),

estimates as (

    select * from {{ ref('stg_reference__published_platform_estimates') }}

),

ratios as (

    select * from {{ ref('int_economy__supply_chain_ratios') }}

),

users as (

    select
        ratios.table_year,
        ratios.supply_chain_ratio,
        ratios.provenance,
        count(*) as reports,
        max(extract(year from estimates.period_end)) as latest_year
    from estimates
    inner join ratios
        -- published at two digits
        on
            round(coalesce(
                estimates.supply_chain_ratio,
                estimates.indirect_jobs_wan / estimates.direct_jobs_wan
            ), 2) = round(ratios.supply_chain_ratio, 2)
    where ratios.ratio_definition = 'total_use' and ratios.table_year = 2012
    group by ratios.table_year, ratios.supply_chain_ratio, ratios.provenance

),

final as (

    select
        report_chain.platform_id,
        'table_2012_in_later_reports' as finding_id,
        users.latest_year - users.table_year as value,
        cast(users.reports as varchar) as number_1,
        {{ rounded_number('users.supply_chain_ratio', 3) }} as number_2,
        cast(users.latest_year as varchar) as number_3,
        users.provenance as weakest_provenance
    from report_chain
    cross join users

)

select * from final

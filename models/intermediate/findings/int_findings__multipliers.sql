-- A multiplier of output used for jobs: how much of the total it makes, how old its
-- table is, what the table itself gives, how many jobs it makes where suppliers have
-- the output per worker of the whole economy in the year of the table, and which
-- reports on other platforms use the ratio of one table, reported by two digits.
with multiplied_jobs as (

    select * from {{ ref('int_findings__multiplied_jobs') }}

),

ratios as (

    select * from {{ ref('int_economy__supply_chain_ratios') }}

),

totals as (

    select * from {{ ref('stg_economy__input_output_totals') }}

),

national_employment as (

    select * from {{ ref('stg_economy__national_employment') }}

),

compared as (

    select
        multiplied_jobs.*,
        cast(ratios.unrounded_supply_chain_ratio as double) as table_ratio,
        -- 亿元 / 万 persons = 万元 a person
        cast(totals.gross_output_yi_yuan as double)
        / national_employment.employed_persons_wan as national_output_wan_yuan
    from multiplied_jobs
    left join ratios
        on
            multiplied_jobs.table_year = ratios.table_year
            and multiplied_jobs.ratio_definition = ratios.ratio_definition
    left join totals
        on
            multiplied_jobs.table_year = totals.table_year
            and totals.origin = 'total'
    left join national_employment
        on multiplied_jobs.table_year = national_employment.year

),

users as (

    select
        multiplied_jobs.report_id,
        ratios.table_year,
        max(multiplied_jobs.multiplier_name) as multiplier_name,
        max(ratios.supply_chain_ratio) as supply_chain_ratio,
        max(ratios.provenance) as provenance,
        count(*) as reports,
        max(extract(year from others.window_end)) as latest_year
    from multiplied_jobs
    inner join ratios
        on multiplied_jobs.ratio_definition = ratios.ratio_definition
    inner join multiplied_jobs as others
        on
            multiplied_jobs.platform_id != others.platform_id
            and round(ratios.supply_chain_ratio, 2) = round(others.multiplier, 2)
    group by multiplied_jobs.report_id, ratios.table_year

),

final as (

    select
        report_id,
        'output_per_worker' as rule,
        '-' as subject,
        100 * (
            gmv_yi_yuan * multiplier / national_output_wan_yuan / jobs_wan - 1
        ) as value,
        {{ rounded_number('gmv_yi_yuan / base_jobs_wan', 1) }} as number_1,
        {{ rounded_number('national_output_wan_yuan', 1) }} as number_2,
        {{ rounded_number('gmv_yi_yuan * multiplier / national_output_wan_yuan', 1) }}
            as number_3,
        weakest_provenance,
        multiplier_name as about
    from compared
    where gmv_yi_yuan is not null and national_output_wan_yuan is not null

    union all

    select
        report_id,
        'output_ratio_for_jobs' as rule,
        '-' as subject,
        100 * jobs_wan / total_jobs_wan as value,
        {{ rounded_number('jobs_wan', 1) }} as number_1,
        {{ rounded_number('total_jobs_wan', 1) }} as number_2,
        {{ rounded_number('multiplier', 3) }} as number_3,
        weakest_provenance,
        multiplier_name as about
    from compared

    union all

    select
        report_id,
        'table_age' as rule,
        '-' as subject,
        extract(year from window_end) - table_year as value,
        cast(table_year as varchar) as number_1,
        cast(extract(year from window_end) as varchar) as number_2,
        null as number_3,
        weakest_provenance,
        multiplier_name as about
    from compared
    where table_year is not null

    union all

    select
        report_id,
        'printed_ratio' as rule,
        '-' as subject,
        100 * (table_ratio / multiplier - 1) as value,
        {{ rounded_number('multiplier', 3) }} as number_1,
        {{ rounded_number('table_ratio', 3) }} as number_2,
        {{ rounded_number('base_jobs_wan * table_ratio', 1) }} as number_3,
        weakest_provenance,
        multiplier_name as about
    from compared
    where is_printed and table_ratio is not null

    union all

    select
        report_id,
        'table_of_other_reports' as rule,
        cast(table_year as varchar) as subject,
        latest_year - table_year as value,
        cast(reports as varchar) as number_1,
        {{ rounded_number('supply_chain_ratio', 3) }} as number_2,
        cast(latest_year as varchar) as number_3,
        provenance as weakest_provenance,
        multiplier_name as about
    from users

)

select * from final

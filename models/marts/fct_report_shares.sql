-- The total of each report next to the employed persons of its countries in the year of its window.
-- A share is for size alone: jobs are not persons, and reports overlap.
with totals as (

    select * from {{ ref('report_totals') }}

),

report_countries as (

    select * from {{ ref('report_countries') }}

),

denominators as (

    select * from {{ ref('fct_denominators') }}

),

countries as (

    select
        totals.report_id,
        count(*) as countries,
        count(denominators.country) as known_countries,
        string_agg(report_countries.country, ' ' order by report_countries.country) as country,
        string_agg(denominators.country_zh, '、' order by report_countries.country)
            as country_zh,
        string_agg(denominators.country_en, ', ' order by report_countries.country)
            as country_en,
        sum(denominators.employed_persons_wan) as employed_persons_wan,
        string_agg(
            distinct denominators.kind, ' ' order by denominators.kind
        ) as denominator_kind,
        string_agg(
            denominators.period_kind, '; ' order by report_countries.country
        ) as period_kind,
        string_agg(
            denominators.source_id, ' ' order by report_countries.country
        ) as source_ids
    from totals
    inner join report_countries
        on totals.report_id = report_countries.report_id
    left join denominators
        on
            report_countries.country = denominators.country
            and extract(year from totals.window_end) = denominators.year
    group by totals.report_id

),

final as (

    select
        totals.report_id,
        totals.component_key,
        totals.unit_counted,
        totals.jobs_wan_of_report as total_wan,
        countries.country,
        countries.country_zh,
        countries.country_en,
        cast(extract(year from totals.window_end) as bigint) as year,
        case
            when countries.known_countries = countries.countries
                then cast(countries.employed_persons_wan as decimal(18, 4))
        end as employed_persons_wan,
        case
            when countries.known_countries = countries.countries
                then
                    cast(
                        100.0 * cast(totals.jobs_wan_of_report as double)
                        / countries.employed_persons_wan as decimal(18, 6)
                    )
        end as share_percent,
        countries.denominator_kind,
        countries.period_kind,
        countries.source_ids,
        case
            when countries.countries is null then '没有写明报告所指的国家'
            when countries.known_countries < countries.countries
                then '缺少该国该年的就业人数'
        end as reason_zh,
        case
            when countries.countries is null then 'the country of the report is not stated'
            when countries.known_countries < countries.countries
                then 'employment of that country and year is not in the data'
        end as reason_en
    from totals
    left join countries
        on totals.report_id = countries.report_id

)

select * from final

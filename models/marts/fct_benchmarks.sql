-- Outside numbers next to the total of a report, and what the total is for each unit of
-- sales and of users. They differ in definition: never a ranking, never a sum.
with reports as (

    select * from {{ ref('dim_reports') }}

),

benchmarks as (

    select * from {{ ref('stg_outside__benchmarks') }}

),

totals as (

    select * from {{ ref('report_totals') }}

),

windows as (

    select * from {{ ref('fct_estimates') }}

),

facts as (

    select * from {{ ref('dim_facts') }}

),

units as (

    select * from {{ ref('dim_units') }}

),

employment as (

    select * from {{ ref('fct_denominators') }}

),

report_countries as (

    select
        report_id,
        max(country) as country
    from {{ ref('report_countries') }}
    group by report_id
    having count(*) = 1

),

outside as (

    select
        benchmarks.benchmark_id,
        benchmarks.report_id,
        benchmarks.sort_order,
        benchmarks.name_zh,
        benchmarks.name_en,
        benchmarks.definition_zh,
        benchmarks.definition_en,
        facts.value,
        facts.comparator,
        facts.unit,
        facts.owner_kind,
        facts.source_id
    from benchmarks
    inner join facts
        on benchmarks.fact_id = facts.fact_id

    union all

    select
        'employed_persons' as benchmark_id,
        reports.report_id,
        6 as sort_order,
        '全国就业人员' as name_zh,
        'employed persons of the country' as name_en,
        employment.country_zh || '，' || cast(employment.year as {{ dbt.type_string() }})
        || '年' as definition_zh,
        employment.country_en || ', ' || cast(employment.year as {{ dbt.type_string() }})
        || ', ' || employment.period_kind as definition_en,
        employment.value,
        employment.comparator,
        employment.unit,
        'official' as owner_kind,
        employment.source_id
    from reports
    inner join report_countries
        on reports.report_id = report_countries.report_id
    inner join employment
        on
            report_countries.country = employment.country
            and employment.kind = 'employed_total'
            and extract(year from reports.window_end) = employment.year

),

per_unit as (

    select
        'jobs_per_gmv' as benchmark_id,
        totals.report_id,
        90 as sort_order,
        '每亿元GMV的岗位' as name_zh,
        'jobs per 100 million yuan of GMV' as name_en,
        '本报告总量除以核算期GMV；各家GMV口径不同（退货、含税、行业），不可排名' as definition_zh,
        'total of this report over the GMV of its period; each platform defines GMV in its own way'
        || ' (returns, taxes, industries): no ranking' as definition_en,
        10000 * windows.jobs_wan_per_yi_yuan as value,
        'jobs_per_yi_yuan' as unit,
        reports.source_id
    from totals
    inner join reports
        on totals.report_id = reports.report_id
    inner join windows
        on
            totals.platform_id = windows.platform_id
            and totals.window_end = windows.window_end
            and totals.scenario_id = windows.scenario_id
    where totals.unit_counted = 'jobs' and windows.jobs_wan_per_yi_yuan is not null

    union all

    select
        'jobs_per_user' as benchmark_id,
        totals.report_id,
        91 as sort_order,
        '每万名用户的岗位' as name_zh,
        'jobs per 10 thousand users' as name_en,
        '本报告总量除以月均活跃用户；各家用户口径不同（月活、去重与否），不可排名' as definition_zh,
        'total of this report over its monthly active users; each platform defines users in its'
        || ' own way (monthly, with or without repeats): no ranking' as definition_en,
        totals.jobs_wan_of_report * 100000000 / (outside.value * units.scale) as value,
        'jobs_per_wan_users' as unit,
        outside.source_id
    from totals
    inner join outside
        on
            totals.report_id = outside.report_id
    inner join units
        on
            outside.unit = units.unit
            and units.dimension = 'users'
    where totals.unit_counted = 'jobs'

),

final as (

    select
        benchmark_id,
        report_id,
        sort_order,
        name_zh,
        name_en,
        definition_zh,
        definition_en,
        cast(value as decimal(18, 4)) as value,
        comparator,
        unit,
        owner_kind,
        source_id
    from outside

    union all

    select
        benchmark_id,
        report_id,
        sort_order,
        name_zh,
        name_en,
        definition_zh,
        definition_en,
        cast(value as decimal(18, 4)) as value,
        'equal' as comparator,
        unit,
        cast(null as {{ dbt.type_string() }}) as owner_kind,
        source_id
    from per_unit

)

select * from final

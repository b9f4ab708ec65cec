with source as (

    select * from {{ ref('benchmarks') }}

),

reports as (

    select * from {{ ref('dim_reports') }}

),

report_countries as (

    select * from {{ ref('report_countries') }}

),

final as (

    select
        source.benchmark_id,
        reports.report_id,
        {{ integer_from_text('source.sort_order') }} as sort_order,
        source.fact_id,
        source.name_zh,
        source.name_en,
        source.definition_zh,
        source.definition_en
    from source
    inner join report_countries
        on source.country = report_countries.country
    inner join reports
        on
            report_countries.report_id = reports.report_id
            and coalesce(source.report_id, reports.report_id) = reports.report_id
            and (
                source.platforms is null
                or {{ is_listed('reports.platform_id', 'source.platforms') }}
            )

)

select * from final

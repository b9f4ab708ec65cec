with method_criticism as (

    select * from {{ ref('method_criticism') }}

),

reports as (

    select * from {{ ref('dim_reports') }}

),

sources as (

    select * from {{ ref('dim_sources') }}

),

final as (

    select
        method_criticism.report_id,
        method_criticism.criticism_id,
        method_criticism.topic,
        method_criticism.statement_zh,
        method_criticism.statement_en,
        method_criticism.finding_id,
        sources.title_zh as source_title_zh,
        sources.title_en as source_title_en,
        sources.url as source_url,
        {{ provenance_of(['report_id'], 'method_criticism') }} as provenance,
        method_criticism.source_id
    from method_criticism
    inner join reports
        on method_criticism.report_id = reports.report_id
    inner join sources
        on method_criticism.source_id = sources.source_id

)

select * from final

with source as (

    select * from {{ ref('method_criticism') }}

),

final as (

    select
        report_id,
        criticism_id,
        topic,
        statement_zh,
        statement_en,
        finding_id,
        provenance,
        source_id
    from source

)

select * from final

with source as (

    select * from {{ ref('published_platform_estimates') }}

),

final as (

    select
        estimate_id,
        subject_id,
        scope,
        name_zh,
        name_en,
        {{ date_from_text('period_start') }} as period_start,
        {{ date_from_text('period_end') }} as period_end,
        comparator,
        {{ decimal_from_text('total_jobs_wan', 18, 4) }} as total_jobs_wan,
        {{ decimal_from_text('direct_jobs_wan', 18, 4) }} as direct_jobs_wan,
        {{ decimal_from_text('indirect_jobs_wan', 18, 4) }} as indirect_jobs_wan,
        {{ decimal_from_text('content_jobs_wan', 18, 4) }} as content_jobs_wan,
        {{ decimal_from_text('e_commerce_jobs_wan', 18, 4) }} as e_commerce_jobs_wan,
        {{ decimal_from_text('supply_chain_ratio', 9, 6) }} as supply_chain_ratio,
        author_zh,
        author_en,
        confidence,
        provenance,
        source_id,
        note
    from source

)

select * from final

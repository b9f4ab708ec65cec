with source as (

    select * from {{ ref('choices') }}

),

reports as (

    select * from {{ ref('reports') }}

),

final as (

    select
        method_id || '/' || decision_id || '=' || option_id as choice_key,
        method_id,
        platform_id,
        decision_id,
        option_id,
        {{ integer_from_text('sort_order') }} as sort_order,
        {{ boolean_from_text('is_report') }} as is_report,
        {{ boolean_from_text('is_defensible') }} as is_defensible,
        requires,
        sets,
        {{ provenance_of(['platform_id']) }} as provenance,
        source_id,
        decision_zh,
        decision_en,
        name_zh,
        name_en,
        reason_zh,
        reason_en,
        seed_file as seed,
        seed_line
    from source

)

select * from final

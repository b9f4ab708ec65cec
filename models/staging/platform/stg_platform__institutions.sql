with source as (

    select * from {{ ref('institutions') }}

),

reports as (

    select * from {{ ref('reports') }}

),

final as (

    select
        platform_id,
        {{ date_from_text('period_start') }} as period_start,
        {{ date_from_text('period_end') }} as period_end,
        institution_type_id,
        name_zh,
        name_en,
        {{ decimal_from_text('organisations', 18, 4) }} as organisations,
        {{ decimal_from_text('average_staff', 18, 4) }} as average_staff,
        {{ provenance_of(['platform_id']) }} as provenance,
        source_id,
        note,
        seed_file as seed,
        seed_line
    from source

)

select * from final

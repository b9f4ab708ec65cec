with source as (

    select * from {{ ref('sectors') }}

),

employment as (

    select * from {{ ref('sector_employment_reconstruction') }}

),

final as (

    select
        source.table_id || '/' || source.sector_code as sector_key,
        source.table_id,
        source.sector_code,
        source.sector_role,
        source.name_zh,
        source.name_en,
        {{ decimal_from_text('employment.employed_persons_wan', 18, 4) }}
            as employed_persons_wan,
        {{ integer_from_text('employment.year') }} as employed_year,
        source.seed_line as sort_order
    from source
    left join employment
        on
            source.table_id = employment.table_id
            and source.sector_code = employment.sector_code

)

select * from final

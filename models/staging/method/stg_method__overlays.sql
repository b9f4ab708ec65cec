with source as (

    select * from {{ ref('overlays') }}

),

reports as (

    select * from {{ ref('reports') }}

),

final as (

    select
        method_id,
        platform_id,
        string_split(options, ' ') as options,
        input_name,
        element_id,
        {{ decimal_from_text('low', 28, 12) }} as low,
        {{ decimal_from_text('central', 28, 12) }} as central,
        {{ decimal_from_text('high', 28, 12) }} as high,
        distribution,
        uncertainty_kind,
        {{ provenance_of(['platform_id']) }} as provenance,
        source_id,
        seed_file as seed,
        seed_line
    from source

)

select * from final

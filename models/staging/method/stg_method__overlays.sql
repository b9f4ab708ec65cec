with source as (

    select * from {{ ref('overlays') }}

),

reports as (

    select * from {{ ref('reports') }}

),

options as (

    select
        method_id,
        decision_id || '=' || option_id as option_text,
        layer
    from {{ ref('choices') }}

),

final as (

    select
        source.method_id,
        source.platform_id,
        string_split(source.options, ' ') as options,
        coalesce(options.layer, 'choices') as layer,
        source.input_name,
        source.element_id,
        {{ decimal_from_text('source.low', 28, 12) }} as low,
        {{ decimal_from_text('source.central', 28, 12) }} as central,
        {{ decimal_from_text('source.high', 28, 12) }} as high,
        source.distribution,
        source.uncertainty_kind,
        {{ provenance_of(['platform_id'], 'source') }} as provenance,
        source.source_id,
        source.seed_file as seed,
        source.seed_line
    from source
    left join options
        on
            source.method_id = options.method_id
            and source.options = options.option_text

)

select * from final

with source as (

    select * from {{ ref('gmv_disclosures') }}

),

reports as (

    select * from {{ ref('reports') }}

),

superseding as (

    select
        platform_id,
        supersedes as disclosure_id,
        min(disclosure_id) as superseded_by
    from source
    where supersedes is not null
    group by platform_id, supersedes

),

final as (

    select
        source.platform_id,
        source.disclosure_id,
        {{ date_from_text('source.period_start') }} as period_start,
        {{ date_from_text('source.period_end') }} as period_end,
        {{ decimal_from_text('source.gmv_yi_yuan', 18, 4) }} as gmv_yi_yuan,
        {{ decimal_from_text('source.half_width_yi_yuan', 18, 4) }}
            as half_width_yi_yuan,
        source.printed,
        coalesce(source.comparator, 'equal') as comparator,
        source.place,
        source.confidence,
        {{ provenance_of(['platform_id'], 'source') }} as provenance,
        source.source_id,
        {{ date_from_text('source.published_on') }} as published_on,
        source.supersedes,
        superseding.superseded_by,
        source.note,
        source.seed_file as seed,
        source.seed_line
    from source
    left join superseding
        on
            source.platform_id = superseding.platform_id
            and source.disclosure_id = superseding.disclosure_id

)

select * from final

-- A third-party numbers with the range that its printed form leaves.
with source as (

    select * from {{ ref('facts') }}

),

sources as (

    select * from {{ ref('dim_sources') }}

),

units as (

    select * from {{ ref('dim_units') }}

),

typed as (

    select
        *,
        {{ decimal_from_text('value', 28, 10) }} as amount,
        {{ printed_half_width('value', 'comparator') }} as half_width
    from source

),

final as (

    select
        typed.fact_id,
        typed.quantity_zh,
        typed.quantity_en,
        typed.amount as value,
        typed.printed,
        typed.comparator,
        cast(
            {{ printed_low('typed.amount', 'typed.comparator', 'typed.half_width') }}
            as decimal(28, 10)
        ) as low,
        cast(
            {{ printed_high('typed.amount', 'typed.comparator', 'typed.half_width') }}
            as decimal(28, 10)
        ) as high,
        typed.unit,
        units.name_zh as unit_zh,
        units.name_en as unit_en,
        typed.period,
        typed.area,
        typed.owner_kind,
        typed.provenance,
        typed.source_id,
        sources.author,
        sources.publisher,
        sources.kind as source_kind,
        sources.is_primary,
        sources.address,
        sources.published_on,
        sources.read_on,
        sources.sha256,
        typed.place,
        typed.note
    from typed
    left join sources
        on typed.source_id = sources.source_id
    left join units
        on typed.unit = units.unit

)

select * from final

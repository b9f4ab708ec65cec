with source as (

    select * from {{ ref('denominators') }}

),

units as (

    select * from {{ ref('dim_units') }}

),

final as (

    select
        source.country,
        source.country_zh,
        source.country_en,
        {{ integer_from_text('source.year') }} as year,
        source.kind,
        {{ decimal_from_text('source.value', 18, 4) }} as value,
        source.comparator,
        source.unit,
        cast(
            cast(source.value as double) * units.scale / 10000 as decimal(18, 4)
        ) as employed_persons_wan,
        source.period_kind,
        source.provenance,
        source.source_id
    from source
    inner join units
        on source.unit = units.unit

)

select * from final

-- A figure with the value of the build that it is linked to, if it is.
with source as (

    select * from {{ ref('figure_ledger') }}

),

reports as (

    select * from {{ ref('reports') }}

),

links as (

    select * from {{ ref('figure_links') }}

),

final as (

    select
        source.report_id,
        source.figure_id,
        {{ integer_from_text('source.chapter') }} as chapter,
        source.section,
        source.location,
        source.topic,
        source.subject_zh,
        source.subject_en,
        {{ decimal_from_text('source.value', 28, 10) }} as value,
        {{ decimal_from_text('source.value_upper', 28, 10) }} as value_upper,
        -- half a unit of the last printed digit: what rounding alone can explain
        cast(
            0.5 * power(10.0, -length(split_part(source.value, '.', 2)))
            as decimal(28, 10)
        ) as rounding_half_width,
        source.comparator,
        source.unit,
        {{ decimal_from_text('source.threshold', 28, 10) }} as threshold,
        source.threshold_unit,
        source.period,
        source.restates_figure_id,
        source.role,
        source.mechanism_level,
        {{ provenance_of(['report_id'], 'source') }} as provenance,
        source.source_id,
        source.quotation,
        source.note,
        links.relation as link_relation,
        links.name as link_name,
        links.element_id as link_element_id,
        {{ integer_from_text('links.headline_order') }} as headline_order
    from source
    left join links
        on
            source.report_id = links.report_id
            and source.figure_id = links.figure_id

)

select * from final

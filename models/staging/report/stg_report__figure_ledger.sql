with source as (

    select * from {{ ref('figure_ledger') }}

),

final as (

    select
        report_id,
        figure_id,
        {{ integer_from_text('chapter') }} as chapter,
        section,
        location,
        topic,
        subject_zh,
        subject_en,
        {{ decimal_from_text('value', 28, 10) }} as value,
        {{ decimal_from_text('value_upper', 28, 10) }} as value_upper,
        -- half a unit of the last printed digit: what rounding alone can explain
        cast(
            0.5 * power(10.0, -length(split_part(value, '.', 2))) as decimal(28, 10)
        ) as rounding_half_width,
        comparator,
        unit,
        {{ decimal_from_text('threshold', 28, 10) }} as threshold,
        threshold_unit,
        period,
        restates_figure_id,
        role,
        mechanism_level,
        provenance,
        source_id,
        quotation,
        note
    from source

)

select * from final

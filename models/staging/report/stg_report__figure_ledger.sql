-- A figure with the value of the build that it is linked to, if it is.
with source as (

    select
        *,
        nullif(
            regexp_extract(
                replace(replace(printed, ',', ''), ' ', ''), '[0-9]+(\.[0-9]+)?'
            ),
            ''
        ) as printed_number
    from {{ ref('figure_ledger') }}

),

links as (

    select * from {{ ref('figure_links') }}

),

half_widths as (

    select
        *,
        {{ decimal_from_text('value', 28, 10) }} as amount,
        {{ decimal_from_text('value_upper', 28, 10) }} as amount_upper,
        -- the printed form may round coarser than the cell: 43.2 million is 4320 万
        cast(
            greatest(
                {{ printed_half_width('value', 'comparator') }},
                coalesce(
                    case
                        when comparator = 'equal' and cast(printed_number as double) > 0
                            then
                                {{ printed_half_width('printed_number', 'comparator') }}
                                * abs(cast(value as double))
                                / cast(printed_number as double)
                    end,
                    0
                )
            ) as decimal(28, 10)
        ) as half_width
    from source

),

final as (

    select
        half_widths.report_id,
        half_widths.figure_id,
        {{ integer_from_text('half_widths.chapter') }} as chapter,
        half_widths.section,
        half_widths.location,
        half_widths.topic,
        half_widths.subject_zh,
        half_widths.subject_en,
        half_widths.amount as value,
        half_widths.amount_upper as value_upper,
        half_widths.printed,
        half_widths.half_width as rounding_half_width,
        half_widths.comparator,
        cast(
            {{ printed_low('half_widths.amount', 'half_widths.comparator',
                'half_widths.half_width') }} as decimal(28, 10)
        ) as printed_low,
        cast(
            {{ printed_high('coalesce(half_widths.amount_upper, half_widths.amount)',
                'half_widths.comparator', 'half_widths.half_width') }} as decimal(28, 10)
        ) as printed_high,
        half_widths.unit,
        {{ decimal_from_text('half_widths.threshold', 28, 10) }} as threshold,
        half_widths.threshold_unit,
        half_widths.period,
        half_widths.place,
        half_widths.state,
        half_widths.restates_figure_id,
        half_widths.equation_id,
        half_widths.checkable,
        half_widths.role,
        half_widths.mechanism_level,
        {{ provenance_of([], 'half_widths') }} as provenance,
        half_widths.source_id,
        half_widths.quotation,
        half_widths.note,
        half_widths.seed_file as seed,
        half_widths.seed_line,
        links.relation as link_relation,
        links.name as link_name,
        links.element_id as link_element_id,
        {{ integer_from_text('links.headline_order') }} as headline_order
    from half_widths
    left join links
        on
            half_widths.report_id = links.report_id
            and half_widths.figure_id = links.figure_id

)

select * from final

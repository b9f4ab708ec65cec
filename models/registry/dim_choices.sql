with source as (

    select * from {{ ref('choices') }}
    where coalesce(layer, 'choices') = 'choices'

),

kinds as (

    select * from {{ ref('dim_provenance_kinds') }}

),

-- what an option sets by itself; models write more rows for options
overlays as (

    select
        overlays.method_id,
        overlays.options[1] as option_text,
        string_agg(
            overlays.input_name || '='
            || coalesce({{ plain_number('overlays.central') }}, ''),
            ' ' order by overlays.seed_line
        ) as sets,
        max_by(overlays.provenance, kinds.provenance_rank) as provenance
    from {{ ref('stg_method__overlays') }} as overlays
    left join kinds
        on overlays.provenance = kinds.provenance
    where len(overlays.options) = 1
    group by overlays.method_id, overlays.options[1]

),

final as (

    select
        source.method_id || '/' || source.decision_id || '=' || source.option_id
            as choice_key,
        source.method_id,
        source.platform_id,
        source.decision_id,
        source.option_id,
        {{ integer_from_text('source.sort_order') }} as sort_order,
        {{ boolean_from_text('source.is_report') }} as is_report,
        {{ boolean_from_text('source.is_defensible') }} as is_defensible,
        source.requires,
        {{ boolean_from_text('source.keeps_base') }} as keeps_base,
        overlays.sets,
        overlays.provenance,
        source.source_id,
        source.decision_zh,
        source.decision_en,
        source.name_zh,
        source.name_en,
        source.reason_zh,
        source.reason_en,
        source.seed_file as seed,
        source.seed_line
    from source
    left join overlays
        on
            source.method_id = overlays.method_id
            and source.decision_id || '=' || source.option_id = overlays.option_text

)

select * from final

with source as (

    select * from {{ ref('stage_options') }}

),

inputs as (

    select * from {{ ref('stage_inputs') }}

),

provenance_kinds as (

    select * from {{ ref('dim_provenance_kinds') }}

),

final as (

    select
        source.input_name,
        source.option_id,
        {{ integer_from_text('inputs.sort_order') }} * 1000
        + {{ integer_from_text('source.sort_order') }} as sort_order,
        source.use,
        source.report_id,
        {{ decimal_from_text('source.low', 18, 6) }} as low,
        {{ decimal_from_text('source.high', 18, 6) }} as high,
        source.provenance,
        provenance_kinds.provenance_rank,
        source.low_source_id,
        source.high_source_id,
        inputs.name_zh as input_zh,
        inputs.name_en as input_en,
        source.name_zh,
        source.name_en,
        source.rationale_zh,
        source.rationale_en
    from source
    inner join inputs
        on source.input_name = inputs.input_name
    inner join provenance_kinds
        on source.provenance = provenance_kinds.provenance

)

select * from final

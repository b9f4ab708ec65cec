-- Another meaning of a component is an option of the layer coverage, with a factor on it.
with options as (

    select * from {{ ref('choices') }}

),

factors as (

    select * from {{ ref('stg_method__overlays') }}
    where layer = 'coverage'

),

final as (

    select
        options.method_id,
        options.decision_id as definition_id,
        factors.input_name as component_id,
        {{ integer_from_text('options.sort_order') }} as sort_order,
        'overlap' as kind,
        cast(factors.low as decimal(18, 6)) as low,
        cast(factors.central as decimal(18, 6)) as central,
        cast(factors.high as decimal(18, 6)) as high,
        options.name_zh,
        options.name_en,
        factors.provenance,
        options.source_id,
        options.reason_zh as rationale_zh,
        options.reason_en as rationale_en
    from factors
    inner join options
        on
            factors.method_id = options.method_id
            and factors.options[1] = options.decision_id || '=' || options.option_id

)

select * from final

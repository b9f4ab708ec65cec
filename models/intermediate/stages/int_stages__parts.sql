-- A part of a stage at both ends. No factor is negative, so the product of the lower ends
-- is the lower end and the product of the upper ends the upper one.
with parts as (

    select * from {{ ref('stg_report__stage_parts') }}
    where part != 'none'

),

factors as (

    select * from {{ ref('stg_method__stage_factors') }}

),

options as (

    select * from {{ ref('int_stages__options') }}

),

kinds as (

    select * from {{ ref('dim_provenance_kinds') }}

),

final as (

    select
        parts.report_id,
        options.option_set,
        factors.stage,
        factors.stage_order,
        parts.part,
        parts.dimension,
        parts.scale_name,
        parts.comparator,
        -- the last bit of a product depends on the order of its factors
        round(parts.value * product(options.low), 9) as low,
        round(parts.value * product(options.high), 9) as high,
        max(options.provenance_rank) as weakest_rank
    from parts
    inner join factors
        on parts.part = factors.part
    inner join options
        on
            parts.report_id = options.report_id
            and factors.input_name = options.input_name
    group by
        parts.report_id,
        options.option_set,
        factors.stage,
        factors.stage_order,
        parts.part,
        parts.dimension,
        parts.scale_name,
        parts.comparator,
        parts.value

)

select
    final.*,
    kinds.provenance as weakest_provenance
from final
inner join kinds
    on final.weakest_rank = kinds.provenance_rank

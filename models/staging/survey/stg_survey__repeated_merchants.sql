-- Merchants on more than one line that is otherwise in order. Which line is right
-- cannot be known, so none is used. Lines that share a hash, in whatever samples, are
-- few, and are compared by sample and name.
{{ config(materialized='table') }}

with lines as (

    select * from {{ ref('stg_survey__accepted_lines') }}

),

origins as (

    select * from {{ ref('stg_survey__origins') }}

),

shared as (

    {{ repeated_values(ref('stg_survey__accepted_lines'), 'key_hash') }}

),

final as (

    select
        origins.platform_id,
        origins.sample_id,
        lines.merchant_id,
        origins.sample_number,
        lines.key_hash,
        count(*) as lines
    from lines
    inner join shared
        on lines.key_hash = shared.key_hash
    inner join origins
        on lines.origin_number = origins.origin_number
    group by
        origins.platform_id,
        origins.sample_id,
        lines.merchant_id,
        origins.sample_number,
        lines.key_hash
    having count(*) > 1

)

select * from final

-- Merchants on more than one line that is otherwise in order. Which line is right
-- cannot be known, so none is used. Lines that share a hash are few, and are compared
-- by name.
{{ config(materialized='table') }}

with lines as (

    select * from {{ ref('stg_survey__accepted_lines') }}

),

origins as (

    select * from {{ ref('stg_survey__origins') }}

),

shared as (

    select
        origins.sample_number,
        lines.key_hash
    from lines
    inner join origins
        on lines.origin_number = origins.origin_number
    group by origins.sample_number, lines.key_hash
    having count(*) > 1

),

final as (

    select
        origins.platform_id,
        origins.sample_id,
        lines.merchant_id,
        shared.sample_number,
        shared.key_hash,
        count(*) as lines
    from lines
    inner join origins
        on lines.origin_number = origins.origin_number
    inner join shared
        on
            origins.sample_number = shared.sample_number
            and lines.key_hash = shared.key_hash
    group by
        origins.platform_id,
        origins.sample_id,
        lines.merchant_id,
        shared.sample_number,
        shared.key_hash
    having count(*) > 1

)

select * from final

-- Merchants on more than one line that is otherwise in order. Which line is right
-- cannot be known, so none is used. Lines that share a hash, in whatever samples, are
-- few, and are compared by sample and name.
{{ config(materialized='table') }}

with new_lines as (

    select * from {{ ref('stg_survey__accepted_lines') }}

),

lines as (

    select * from new_lines
    {{ and_kept('stg_survey__accepted_lines') }}

),

origins as (

    select * from {{ ref('stg_survey__origins') }}

),

shared as (

    {{ repeated_values(ref('stg_survey__accepted_lines'), 'key_hash') }}
    {%- if counted_files() %}
    -- lines counted before share none with each other but those known of
    union
    select counted.key_hash
    from {{ kept('stg_survey__accepted_lines') }} as counted
    inner join new_lines
        on counted.key_hash = new_lines.key_hash
    union
    select known.key_hash
    from {{ kept('stg_survey__repeated_merchants') }} as known
    {%- endif %}

),

final as (

    select
        origins.platform_id,
        origins.sample_id,
        lines.merchant_id,
        origins.sample_number,
        lines.key_hash,
        min(lines.file_number) as first_file_number,
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

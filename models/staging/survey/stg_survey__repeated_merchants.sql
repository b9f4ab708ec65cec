-- Merchants on more than one line that is otherwise in order. Which line is right
-- cannot be known, so none is used.
{{ config(materialized='table') }}

with lines as (

    select * from {{ ref('stg_survey__merchant_lines') }}

),

final as (

    select
        platform_id,
        sample_id,
        merchant_id,
        count(*) as lines
    from lines
    where reason_code is null
    group by platform_id, sample_id, merchant_id
    having count(*) > 1

)

select * from final

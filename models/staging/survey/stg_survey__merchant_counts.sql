-- What tests ask of the merchants as a whole.
{{ config(materialized='table') }}

with merchants as (

    select * from {{ ref('stg_survey__merchants') }}

),

final as (

    select
        file_number,
        platform_id,
        sample_id,
        industry_code,
        provenance,
        source_id,
        count(*) as merchants
    from merchants
    group by
        file_number,
        platform_id,
        sample_id,
        industry_code,
        provenance,
        source_id

)

select * from final

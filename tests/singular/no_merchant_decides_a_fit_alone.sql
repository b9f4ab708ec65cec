{{ config(severity='warn') }}

with influential_merchants as (

    select * from {{ ref('fct_influential_merchants') }}

),

final as (

    select
        platform_id,
        sample_id,
        merchant_id
    from influential_merchants
    where cooks_distance is null

)

select * from final

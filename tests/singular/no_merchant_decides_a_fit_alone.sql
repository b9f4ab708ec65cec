{{ config(severity='warn') }}

with influential_merchants as (

    select * from {{ ref('fct_influential_merchants') }}

),

problems as (

    select
        {{ row_name(['platform_id', 'sample_id']) }}
        || ': the curve passes through merchant ' || merchant_id || ' (turnover '
        || turnover_wan_yuan || ' wan_yuan, headcount ' || headcount
        || ') whatever its headcount: it decides the fit alone' as problem,
        'check its figures, or survey merchants of its size' as remedy
    from influential_merchants
    where cooks_distance is null

)

select * from problems

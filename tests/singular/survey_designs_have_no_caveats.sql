{{ config(severity='warn') }}

with fits as (

    select * from {{ ref('est_merchant_fits') }}

),

problems as (

    select
        {{ row_name(['platform_id', 'sample_id']) }} || ': ' || warnings as problem,
        'declare the design in survey/designs.csv, or read the limits with this in'
        || ' mind' as remedy
    from fits
    where industry_code = '-' and warnings is not null

)

select * from problems

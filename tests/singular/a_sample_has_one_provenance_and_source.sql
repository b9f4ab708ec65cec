with merchants as (

    select * from {{ ref('stg_survey__merchant_counts') }}

),

problems as (

    select
        {{ row_name(['platform_id', 'sample_id']) }} || ': '
        || count(distinct provenance) || ' provenances and '
        || count(distinct source_id) || ' sources' as problem
    from merchants
    group by platform_id, sample_id
    having count(distinct provenance) > 1 or count(distinct source_id) > 1

)

select * from problems

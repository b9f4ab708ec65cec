-- Table 2.1 counted: the text says how many classes it has.
with employment_types as (

    select * from {{ ref('stg_report__employment_types') }}

),

final as (

    select
        group_en,
        count(distinct module_en) as classes,
        -- one table of one source
        max(provenance) as provenance,
        max(source_id) as source_id
    from employment_types
    group by group_en

    union all

    select
        'all' as group_en,
        count(distinct module_en) as classes,
        max(provenance) as provenance,
        max(source_id) as source_id
    from employment_types

)

select * from final

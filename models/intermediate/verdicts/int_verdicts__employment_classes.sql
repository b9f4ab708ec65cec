-- Table 2.1 counted: the text says how many classes it has.
with employment_types as (

    select * from {{ ref('dim_employment_types') }}

),

final as (

    select
        report_id,
        group_en,
        count(distinct module_en) as classes,
        -- one table of one source
        max(provenance) as provenance,
        max(source_id) as source_id
    from employment_types
    group by report_id, group_en

    union all

    select
        report_id,
        'all' as group_en,
        count(distinct module_en) as classes,
        max(provenance) as provenance,
        max(source_id) as source_id
    from employment_types
    group by report_id

)

select * from final

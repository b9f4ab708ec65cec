with figures as (

    select * from {{ ref('aud_figure_reconciliation') }}

),

final as (

    select
        report_id,
        figure_id,
        mechanism_level,
        case mechanism_level
            when 'individual' then '个人'
            when 'industry' then '产业'
            when 'region' then '区域'
        end as mechanism_level_zh,
        case mechanism_level
            when 'individual' then 'Individuals'
            when 'industry' then 'Industries'
            when 'region' then 'Regions'
        end as mechanism_level_en,
        section,
        topic,
        subject_zh,
        subject_en,
        comparator,
        published_value,
        published_value_upper,
        unit,
        unit_zh,
        unit_en,
        period,
        verdict,
        provenance,
        source_id,
        note
    from figures
    where mechanism_level is not null

)

select * from final

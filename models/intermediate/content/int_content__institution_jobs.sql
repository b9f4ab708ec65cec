with institutions as (

    select * from {{ ref('stg_platform__institutions') }}

),

factors as (

    select * from {{ ref('int_content__assumption_factors') }}

),

factors_by_level as (

    select
        assumption_level,
        max(case when column_name = 'organisations' then factor end)
            as organisations_factor,
        max(case when column_name = 'average_staff' then factor end)
            as average_staff_factor
    from factors
    where dataset = 'institutions'
    group by assumption_level

),

scaled as (

    select
        institutions.platform_id,
        institutions.period_start,
        institutions.period_end,
        institutions.institution_type_id,
        factors_by_level.assumption_level,
        cast(
            institutions.organisations * factors_by_level.organisations_factor
            as decimal(18, 4)
        ) as organisations,
        cast(
            institutions.average_staff * factors_by_level.average_staff_factor
            as decimal(18, 4)
        ) as average_staff,
        institutions.provenance,
        institutions.source_id
    from institutions
    cross join factors_by_level

),

final as (

    select
        platform_id,
        period_start,
        period_end,
        institution_type_id,
        assumption_level,
        organisations,
        average_staff,
        cast(
            cast(organisations as double) * cast(average_staff as double) / 10000
            as decimal(18, 4)
        ) as jobs_wan,
        provenance,
        source_id
    from scaled

)

select * from final

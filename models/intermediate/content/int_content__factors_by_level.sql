with factors as (

    select * from {{ ref('int_content__assumption_factors') }}

),

final as (

    select
        assumption_level,
        max(case when column_name = 'team_share' then factor end)
            as team_share_factor,
        max(case when column_name = 'team_members' then factor end)
            as team_members_factor,
        max(case when column_name = 'organisations' then factor end)
            as organisations_factor,
        max(case when column_name = 'average_staff' then factor end)
            as average_staff_factor
    from factors
    group by assumption_level

)

select * from final

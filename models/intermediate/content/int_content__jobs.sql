with team_jobs as (

    select * from {{ ref('int_content__team_jobs') }}

),

institution_jobs as (

    select * from {{ ref('int_content__institution_jobs') }}

),

content_jobs as (

    select
        platform_id,
        period_start,
        'creator_teams' as component_id,
        'creator_tiers' as dataset,
        assumption_level,
        jobs_wan
    from team_jobs

    union all

    select
        platform_id,
        period_start,
        'institutions' as component_id,
        'institutions' as dataset,
        assumption_level,
        jobs_wan
    from institution_jobs

),

final as (

    select
        platform_id,
        period_start,
        component_id,
        dataset,
        assumption_level,
        cast(sum(jobs_wan) as decimal(18, 4)) as jobs_wan
    from content_jobs
    group by platform_id, period_start, component_id, dataset, assumption_level

)

select * from final

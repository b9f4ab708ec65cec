with team_jobs as (

    select * from {{ ref('int_content__team_jobs') }}

),

final as (

    select
        platform_id,
        period_start,
        assumption_level,
        sum(creators_wan) as creators_wan,
        sum(teams_wan) as teams_wan,
        cast(100 * sum(teams_wan) / sum(creators_wan) as decimal(9, 4))
            as team_share_percent,
        -- tiers of one period are one table of one kind
        max(provenance) as provenance
    from team_jobs
    group by platform_id, period_start, assumption_level

)

select * from final

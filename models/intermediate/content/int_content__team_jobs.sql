with tiers as (

    select * from {{ ref('stg_platform__creator_tiers') }}

),

factors as (

    select * from {{ ref('int_content__assumption_factors') }}

),

factors_by_level as (

    select
        assumption_level,
        max(case when column_name = 'team_share' then factor end)
            as team_share_factor,
        max(case when column_name = 'team_members' then factor end)
            as team_members_factor
    from factors
    where dataset = 'creator_tiers'
    group by assumption_level

),

teams as (

    select
        tiers.platform_id,
        tiers.period_start,
        tiers.period_end,
        tiers.tier_id,
        factors_by_level.assumption_level,
        tiers.creators_wan,
        -- a share stays a share at the high level
        tiers.creators_wan
        * least(1, tiers.team_share * factors_by_level.team_share_factor)
            as teams_wan,
        tiers.team_members * factors_by_level.team_members_factor as team_members,
        tiers.provenance,
        tiers.source_id
    from tiers
    cross join factors_by_level

),

final as (

    select
        platform_id,
        period_start,
        period_end,
        tier_id,
        assumption_level,
        creators_wan,
        cast(teams_wan as decimal(18, 4)) as teams_wan,
        cast(team_members as decimal(18, 4)) as team_members,
        cast(
            cast(teams_wan as double) * cast(team_members as double)
            as decimal(18, 4)
        ) as jobs_wan,
        provenance,
        source_id
    from teams

)

select * from final

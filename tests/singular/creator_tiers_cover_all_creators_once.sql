-- depends_on: {{ ref('aud_expectation_results') }}
-- so that it runs last: a failed test holds up whatever depends on its models, and the
-- figures that are off would not be named
with tiers as (

    select * from {{ ref('stg_platform__creator_tiers') }}

),

creators as (

    select * from {{ ref('stg_platform__creators_with_income') }}

),

tier_totals as (

    select
        platform_id,
        period_start,
        min(seed) as seed,
        min(seed_line) as seed_line,
        sum(creators_wan) as creators_wan
    from tiers
    group by platform_id, period_start

),

neighbours as (

    select
        platform_id,
        period_start,
        tier_id,
        seed,
        seed_line,
        follower_min,
        follower_max,
        coalesce(
            lag(follower_max) over (
                partition by platform_id, period_start
                order by follower_min
            ) + 1,
            0
        ) as expected_follower_min,
        row_number() over (
            partition by platform_id, period_start
            order by follower_min desc
        ) as rank_from_above
    from tiers

),

problems as (

    select
        tier_totals.seed,
        tier_totals.seed_line,
        tier_totals.creators_wan as value,
        {{ row_name(['tier_totals.platform_id', 'tier_totals.period_start']) }}
        || ': the tiers hold ' || tier_totals.creators_wan
        || ' wan creators, creators_with_income says '
        || coalesce(cast(creators.creators_wan as varchar), 'nothing') as problem
    from tier_totals
    left join creators
        on
            tier_totals.platform_id = creators.platform_id
            and tier_totals.period_start = creators.period_start
    where (tier_totals.creators_wan = creators.creators_wan) is not true

    union all

    select
        seed,
        seed_line,
        follower_min as value,
        {{ row_name(['platform_id', 'period_start', 'tier_id']) }}
        || ': begins at ' || follower_min || ' followers, not at '
        || expected_follower_min as problem
    from neighbours
    where follower_min != expected_follower_min

    union all

    select
        seed,
        seed_line,
        follower_max as value,
        {{ row_name(['platform_id', 'period_start', 'tier_id']) }}
        || ': only the last tier, and it alone, has no upper bound' as problem
    from neighbours
    where (follower_max is null) != (rank_from_above = 1)

)

select * from problems

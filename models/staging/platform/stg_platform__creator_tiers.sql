with source as (

    select * from {{ ref('creator_tiers') }}

),

reports as (

    select * from {{ ref('reports') }}

),

final as (

    select
        platform_id,
        {{ date_from_text('period_start') }} as period_start,
        {{ date_from_text('period_end') }} as period_end,
        tier_id,
        {{ integer_from_text('follower_min') }} as follower_min,
        {{ integer_from_text('follower_max') }} as follower_max,
        {{ decimal_from_text('creators_wan', 18, 4) }} as creators_wan,
        {{ decimal_from_text('team_share', 9, 6) }} as team_share,
        {{ decimal_from_text('team_members', 18, 4) }} as team_members,
        {{ provenance_of(['platform_id']) }} as provenance,
        source_id,
        note,
        seed_file as seed,
        seed_line
    from source

)

select * from final

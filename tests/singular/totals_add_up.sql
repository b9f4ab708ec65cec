with estimates as (

    select * from {{ ref('fct_employment_estimates') }}

),

components as (

    select
        platform_id,
        window_end,
        scenario_id,
        sum(case when component_id = 'total' then jobs_wan end) as total,
        sum(case when component_id = 'direct' then jobs_wan end) as direct,
        sum(case when component_id = 'ecosystem' then jobs_wan end) as ecosystem,
        sum(case when component_id = 'content_ecosystem' then jobs_wan end)
            as content_ecosystem,
        sum(case when component_id = 'creator_teams' then jobs_wan end)
            as creator_teams,
        sum(case when component_id = 'institutions' then jobs_wan end) as institutions,
        sum(case when component_id = 'e_commerce_ecosystem' then jobs_wan end)
            as e_commerce_ecosystem,
        sum(case when component_id = 'merchants' then jobs_wan end) as merchants,
        sum(case when component_id = 'supply_chain' then jobs_wan end) as supply_chain
    from estimates
    group by platform_id, window_end, scenario_id

),

identities as (

    select
        *,
        'total = direct + content_ecosystem + e_commerce_ecosystem' as identity,
        total as whole,
        direct + content_ecosystem + e_commerce_ecosystem as parts
    from components

    union all

    select
        *,
        'ecosystem = content_ecosystem + e_commerce_ecosystem' as identity,
        ecosystem as whole,
        content_ecosystem + e_commerce_ecosystem as parts
    from components

    union all

    select
        *,
        'content_ecosystem = creator_teams + institutions' as identity,
        content_ecosystem as whole,
        creator_teams + institutions as parts
    from components

    union all

    select
        *,
        'e_commerce_ecosystem = merchants + supply_chain' as identity,
        e_commerce_ecosystem as whole,
        merchants + supply_chain as parts
    from components

),

problems as (

    select
        {{ row_name(['platform_id', 'window_end', 'scenario_id']) }}
        || ': not ' || identity || ' but '
        || coalesce(cast(whole as varchar), 'nothing') || ' and '
        || coalesce(cast(parts as varchar), 'nothing') as problem
    from identities
    -- exact: the amounts are decimals
    where (whole = parts) is not true

)

{{ stop_if_any('problems') }}

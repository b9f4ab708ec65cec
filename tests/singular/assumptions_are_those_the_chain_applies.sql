with assumptions as (

    select * from {{ ref('stg_reference__assumptions') }}

),

-- the columns that int_content__team_jobs and int_content__institution_jobs scale
applied as (

    select
        'creator_tiers' as dataset,
        'team_share' as column_name
    union all
    select
        'creator_tiers' as dataset,
        'team_members' as column_name
    union all
    select
        'institutions' as dataset,
        'organisations' as column_name
    union all
    select
        'institutions' as dataset,
        'average_staff' as column_name

),

problems as (

    select
        assumptions.assumption_id || ': nothing applies a factor to '
        || assumptions.dataset || '.' || assumptions.column_name as problem
    from assumptions
    left join applied
        on
            assumptions.dataset = applied.dataset
            and assumptions.column_name = applied.column_name
    where applied.dataset is null

    union all

    select
        'no assumption gives the factor of '
        || applied.dataset || '.' || applied.column_name as problem
    from applied
    left join assumptions
        on
            applied.dataset = assumptions.dataset
            and applied.column_name = assumptions.column_name
    where assumptions.dataset is null

)

{{ stop_if_any('problems') }}

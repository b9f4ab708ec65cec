with leaf_jobs as (

    select * from {{ ref('int_employment__leaf_jobs') }}

),

component_leaves as (

    select * from {{ ref('int_employment__component_leaves') }}

),

final as (

    select
        leaf_jobs.platform_id,
        leaf_jobs.window_end,
        leaf_jobs.scenario_id,
        component_leaves.component_id,
        cast(
            sum(
                case
                    -- supply chain jobs are a multiple of merchant jobs
                    when leaf_jobs.component_id in ('merchants', 'supply_chain')
                        then leaf_jobs.jobs_wan
                    else 0
                end
            ) as decimal(18, 4)
        ) as productivity_based_jobs_wan,
        cast(sum(leaf_jobs.jobs_wan) as decimal(18, 4)) as jobs_wan
    from leaf_jobs
    inner join component_leaves
        on leaf_jobs.component_id = component_leaves.leaf_component_id
    group by
        leaf_jobs.platform_id,
        leaf_jobs.window_end,
        leaf_jobs.scenario_id,
        component_leaves.component_id

)

select * from final

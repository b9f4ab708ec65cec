-- A window is estimated only when every component can be: a total of some of its parts
-- would pass for the whole.
with scenarios as (

    select * from {{ ref('dim_scenarios') }}

),

windows as (

    select * from {{ ref('int_gmv__trailing_four_quarters') }}

),

components as (

    select * from {{ ref('dim_employment_components') }}

),

leaf_jobs as (

    select * from {{ ref('int_employment__leaf_jobs') }}

),

expected as (

    select
        scenarios.platform_id,
        windows.window_end,
        scenarios.scenario_id,
        components.component_id
    from scenarios
    inner join windows
        on scenarios.platform_id = windows.platform_id
    cross join components
    where components.is_leaf

),

final as (

    select
        expected.platform_id,
        expected.window_end,
        expected.scenario_id,
        count(*) = count(leaf_jobs.component_id) as is_estimated,
        {{ dbt.listagg(
            'case when leaf_jobs.component_id is null then expected.component_id end',
            "', '",
            'order by expected.component_id'
        ) }} as missing_components
    from expected
    left join leaf_jobs
        on
            expected.platform_id = leaf_jobs.platform_id
            and expected.window_end = leaf_jobs.window_end
            and expected.scenario_id = leaf_jobs.scenario_id
            and expected.component_id = leaf_jobs.component_id
    group by expected.platform_id, expected.window_end, expected.scenario_id

)

select * from final

-- A window is estimated only when every component can be: a total of some of its parts
-- would pass for the whole.
with windows as (

    select * from {{ ref('int_chain__windows') }}

),

components as (

    select * from {{ ref('dim_components') }}

),

steps as (

    select * from {{ ref('int_chain__steps') }}

),

expected as (

    select
        windows.platform_id,
        windows.window_end,
        windows.scenario_id,
        components.component_id,
        components.is_leaf,
        -- a component with two ends and no centre has no value and lacks nothing
        steps.component_id is null or steps.missing_inputs is not null as is_missing,
        steps.missing_inputs
    from windows
    inner join components
        on windows.method_id = components.method_id
    left join steps
        on
            windows.platform_id = steps.platform_id
            and windows.window_end = cast(steps.window_end as date)
            and windows.scenario_id = steps.scenario_id
            and components.component_id = steps.component_id

),

-- an input that two components lack is named once
lacking as (

    select distinct
        platform_id,
        window_end,
        scenario_id,
        unnest(string_split(missing_inputs, ', ')) as input_name
    from expected
    where is_leaf and is_missing

),

lists as (

    select
        platform_id,
        window_end,
        scenario_id,
        {{ dbt.listagg('input_name', "', '", 'order by input_name') }} as missing_inputs
    from lacking
    group by platform_id, window_end, scenario_id

),

windowed as (

    select
        platform_id,
        window_end,
        scenario_id,
        {{ scenario_key() }} as scenario_key,
        {{ window_key() }} as window_key,
        {{ estimate_key() }} as estimate_key,
        max(case when is_missing then 1 else 0 end) = 0 as is_estimated,
        {{ dbt.listagg(
            'case when is_leaf and is_missing then component_id end',
            "', '",
            'order by component_id'
        ) }} as missing_components
    from expected
    group by platform_id, window_end, scenario_id

),

final as (

    select
        windowed.*,
        lists.missing_inputs
    from windowed
    left join lists
        on
            windowed.platform_id = lists.platform_id
            and windowed.window_end = lists.window_end
            and windowed.scenario_id = lists.scenario_id

)

select * from final

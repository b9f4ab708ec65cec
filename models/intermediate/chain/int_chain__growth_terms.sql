-- What the jobs of a window are a product or a sum of: GMV x jobs per GMV x (1 + ratio),
-- direct jobs x (1 + ratio), the content ecosystem. Jobs of a method that prints its
-- parts alone go with the ones of the same name in a method that divides GMV.
with steps as (

    select
        steps.*,
        cast(steps.window_end as date) as window_date,
        cast(steps.value as decimal(24, 8))
        * cast(units.scale / 10000 as decimal(14, 8)) as jobs_wan
    from {{ ref('int_chain__steps') }} as steps
    left join {{ ref('dim_units') }} as units
        on
            steps.unit = units.unit
            and steps.component_id is not null

),

known_steps as (

    select * from {{ ref('dim_steps') }}

),

known_inputs as (

    select * from {{ ref('dim_inputs') }}

),

of_gmv as (

    select distinct steps.component_id
    from steps
    inner join known_inputs
        on
            known_inputs.role = 'gmv'
            and {{ is_listed(
                'known_inputs.input_name', "replace(steps.rests_on, ',', '')"
            ) }}
    where steps.component_id is not null

),

multipliers as (

    select step_id as name
    from known_steps
    where role = 'multiplier'

    union distinct

    select input_name as name
    from known_inputs
    where role = 'multiplier'

),

leaves as (

    select
        components.method_id,
        components.component_id,
        components.unit_counted,
        count(multipliers.name) > 0 as is_by_ratio,
        case
            when count(of_gmv.component_id) > 0 then 'gmv'
            when components.layer = 'direct' or count(multipliers.name) > 0
                then 'direct'
            else 'content'
        end as family
    from {{ ref('dim_components') }} as components
    inner join {{ ref('int_chain__formulas') }} as formulas
        on
            components.method_id = formulas.method_id
            and components.component_id = formulas.step_id
    left join of_gmv
        on components.component_id = of_gmv.component_id
    left join multipliers
        on {{ is_listed('multipliers.name', 'formulas.operands') }}
    where components.is_leaf
    group by
        components.method_id,
        components.component_id,
        components.unit_counted,
        components.layer

),

complete as (

    select
        platform_id,
        window_date,
        scenario_id
    from steps
    group by platform_id, window_date, scenario_id
    having max(missing_inputs) is null

),

final as (

    select
        steps.platform_id,
        steps.scenario_id,
        steps.window_date as window_end,
        max(leaves.unit_counted) as unit_counted,
        max(cast(gmv.gmv_yi_yuan as double)) as gmv_yi_yuan,
        bool_or(steps.is_extrapolated) as is_extrapolated,
        {%- for family in ['gmv', 'direct', 'content'] %}
            sum(case when leaves.family = '{{ family }}' then steps.jobs_wan else 0 end)
                as {{ family }}_jobs_wan,
            sum(
                case
                    when leaves.family = '{{ family }}' and not leaves.is_by_ratio
                        then steps.jobs_wan
                    else 0
                end
            ) as {{ family }}_base_wan,
        {%- endfor %}
        count(*) as leaves
    from steps
    inner join complete
        on
            steps.platform_id = complete.platform_id
            and steps.window_date = complete.window_date
            and steps.scenario_id = complete.scenario_id
    inner join leaves
        on
            steps.method_id = leaves.method_id
            and steps.component_id = leaves.component_id
    left join {{ ref('int_gmv__trailing_four_quarters') }} as gmv
        on
            steps.platform_id = gmv.platform_id
            and steps.window_date = gmv.window_end
    group by steps.platform_id, steps.scenario_id, steps.window_date

)

select * from final

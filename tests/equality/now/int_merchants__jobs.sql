select
    platform_id, window_end, scenarios.coefficient_source,
    case inputs.scenario_id
        when 'bottom_up_low' then 'assumptions_low'
        when 'bottom_up_high' then 'assumptions_high'
        else inputs.scenario_id
    end as scenario_id,
    inputs.scenario_id as _now,
    scenarios.mean_turnover_source,
    max(case input_name when 'gmv' then central end) as gmv_yi_yuan,
    max(case input_name when 'gmv' then reference end) as gmv_formula,
    max(case input_name when 'gmv' then inputs.provenance end) as gmv_provenance,
    max(case input_name when 'b0' then central end) as intercept,
    max(case input_name when 'b1' then central end) as turnover,
    max(case input_name when 'b2' then central end) as turnover_squared,
    max(case input_name when 'b0' then inputs.provenance end) as coefficient_provenance,
    (select value from intermediate.est_steps as steps where steps.step_id = 'mean_turnover'
        and (steps.platform_id, steps.window_end, steps.scenario_id)
        = (inputs.platform_id, inputs.window_end, inputs.scenario_id))
        as mean_turnover_wan_yuan,
    (select weakest_provenance from intermediate.est_steps as steps
        where steps.step_id = 'mean_turnover'
        and (steps.platform_id, steps.window_end, steps.scenario_id)
        = (inputs.platform_id, inputs.window_end, inputs.scenario_id))
        as mean_turnover_provenance,
    (select value from intermediate.est_steps as steps where steps.step_id = 'productivity'
        and (steps.platform_id, steps.window_end, steps.scenario_id)
        = (inputs.platform_id, inputs.window_end, inputs.scenario_id))
        as productivity_wan_yuan_per_job,
    (select value from intermediate.est_steps as steps where steps.step_id = 'merchants'
        and (steps.platform_id, steps.window_end, steps.scenario_id)
        = (inputs.platform_id, inputs.window_end, inputs.scenario_id)) as jobs_wan
from intermediate.int_chain__inputs as inputs
inner join marts.dim_scenarios as scenarios using (platform_id, scenario_id)
where scenarios.coefficient_source is not null
    and window_end in (select window_end from intermediate.int_gmv__trailing_four_quarters)
group by all

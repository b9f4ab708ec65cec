select scenarios.* replace (
    case scenario_id
        when 'bottom_up_low' then 'assumptions_low'
        when 'bottom_up_high' then 'assumptions_high'
        else scenario_id
    end as scenario_id
),
    case when scenarios.settings like '%=low%' then 'low'
        when scenarios.settings like '%=high%' then 'high' else 'central' end as assumption_level, (
    select min(window_end) from marts.dim_reports as reports
    where (reports.platform_id, reports.scenario_id)
        = (scenarios.platform_id, scenarios.scenario_id)
) as report_window_end
from marts.dim_scenarios as scenarios

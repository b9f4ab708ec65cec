select scenarios.*,
    case when scenarios.settings like '%=low%' then 'low'
        when scenarios.settings like '%=high%' then 'high' else 'central' end as assumption_level, (
    select min(window_end) from marts.dim_reports as reports
    where (reports.platform_id, reports.scenario_id)
        = (scenarios.platform_id, scenarios.scenario_id)
) as report_window_end
from marts.dim_scenarios as scenarios

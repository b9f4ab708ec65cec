select scenarios.*, (
    select min(window_end) from marts.dim_reports as reports
    where (reports.platform_id, reports.scenario_id)
        = (scenarios.platform_id, scenarios.scenario_id)
) as report_window_end
from marts.dim_scenarios as scenarios

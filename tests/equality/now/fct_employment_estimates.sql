select jobs.* rename (jobs_wan_of_scenario as jobs_wan), components.is_leaf, limits.conf_low, limits.conf_high, limits.interval_method
from (from marts.fct_jobs union all from marts.fct_job_totals) as jobs
inner join marts.dim_components as components using (component_key)
inner join marts.fct_uncertainty as limits
    using (platform_id, window_end, scenario_id, component_key)
where limits.interval_method in ('monte_carlo', 'held_by_scenario', 'not_disclosed')

select
    jobs.* replace (
        case scenario_id
            when 'bottom_up_low' then 'assumptions_low'
            when 'bottom_up_high' then 'assumptions_high'
            else scenario_id
        end as scenario_id
    ) rename (jobs_wan_of_scenario as jobs_wan),
    components.is_leaf
from (from marts.fct_jobs union all from marts.fct_job_totals) as jobs
inner join marts.dim_components as components using (component_key)

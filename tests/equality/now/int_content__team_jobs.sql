select
    platform_id, case when scenarios.settings like '%=low%' then 'low'
        when scenarios.settings like '%=high%' then 'high' else 'central' end as assumption_level, steps.element_id as tier_id,
    date '2019-01-01' as period_start, date '2021-12-31' as period_end,
    max(case step_id when 'tier_creators' then value end) as creators_wan,
    max(case step_id when 'teams' then value end) as teams_wan,
    max(case step_id when 'members_of_team' then value end) as team_members,
    max(case step_id when 'team_jobs' then value end) as jobs_wan,
    max(case when is_input then weakest_provenance end) as provenance,
    max(steps.source_id) as source_id
from marts.fct_steps as steps
inner join marts.dim_scenarios as scenarios using (platform_id, scenario_id)
where scenario_id in ('report', 'bottom_up_low', 'bottom_up_high')
    and window_end = '2021-09-30' and step_id in ('tier_creators', 'teams', 'members_of_team', 'team_jobs')
group by all

select
  platform_id, window_end,
  max(case step_id when 'b0' then value end) as intercept,
  max(case step_id when 'b1' then value end) as turnover,
  max(case step_id when 'b2' then value end) as turnover_squared,
  max(case step_id when 'gmv' then value end) as gmv_yi_yuan,
  max(case step_id when 'mean_turnover' then value end) as mean_turnover_wan_yuan,
  max(case step_id when 'mean_turnover' then weakest_provenance end) as mean_turnover_provenance,
  max(case step_id when 'productivity' then value end) as productivity_wan_yuan_per_job,
  max(case step_id when 'merchants' then value end) as jobs_wan,
  max(case step_id when 'merchants' then input_provenance end) as input_provenance,
  max(case step_id when 'merchants' then weakest_provenance end) as weakest_provenance
from marts.fct_steps
where (platform_id, window_end, scenario_id) = ('kuaishou', date '2021-09-30', 'report')
group by all

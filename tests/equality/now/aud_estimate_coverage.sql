select * replace (
        case scenario_id
            when 'bottom_up_low' then 'assumptions_low'
            when 'bottom_up_high' then 'assumptions_high'
            else scenario_id
        end as scenario_id
    )
from audit.aud_estimate_coverage
-- windows that a quarter without twelve months of GMV names are new
where window_end in (select window_end from intermediate.int_gmv__trailing_four_quarters)

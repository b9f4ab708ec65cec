select * replace (
        case scenario_id
            when 'bottom_up_low' then 'assumptions_low'
            when 'bottom_up_high' then 'assumptions_high'
            else scenario_id
        end as scenario_id
    )
from audit.aud_estimate_coverage

select * replace (
    case input_name
        when 'gmv' then 'gmv_yi_yuan'
        when 'b0' then 'intercept'
        when 'b1' then 'turnover'
        when 'b2' then 'turnover_squared'
        when 'mean_turnover' then 'mean_turnover_wan_yuan'
        when 'productivity' then 'productivity_wan_yuan_per_job'
        else input_name
    end as input_name
)
from marts.fct_swings

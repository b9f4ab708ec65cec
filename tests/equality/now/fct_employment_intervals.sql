select * replace (
    array_to_string(list_sort([
        case input_name
            when 'gmv' then 'gmv_yi_yuan'
            when 'b0' then 'intercept'
            when 'b1' then 'turnover'
            when 'b2' then 'turnover_squared'
            when 'mean_turnover' then 'mean_turnover_wan_yuan'
            when 'productivity' then 'productivity_wan_yuan_per_job'
            else input_name
        end
        for input_name in string_split(varied_inputs, ', ')
    ]), ', ') as varied_inputs
)
from marts.fct_uncertainty
where conf_low is not null

select *, 'quarter' as period_type from marts.fct_gmv
union all by name
select * exclude (window_start, window_end), window_start as period_start, window_end as period_end,
    'trailing_four_quarters' as period_type
from marts.fct_gmv_windows

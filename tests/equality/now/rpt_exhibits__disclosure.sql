select * replace (case item_id when '-' then 'not_disclosed' else item_id end as item_id)
from audit.rpt_exhibits__disclosure
where report_id = 'kuaishou_2022'

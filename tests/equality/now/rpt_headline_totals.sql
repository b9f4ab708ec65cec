select *, not has_other_value as is_reproduced, tolerance as rounding_half_width
from audit.aud_figure_reconciliation
where report_id = 'kuaishou_2022' and headline_order is not null

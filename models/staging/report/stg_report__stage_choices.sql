select
    report_id,
    input_name,
    option_id
from {{ ref('stage_choices') }}

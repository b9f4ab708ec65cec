-- What each factor alone moves: the upper ends of the stages when it goes to its lower
-- end and every other factor stays at its upper one.
with parts as (

    select * from {{ ref('int_stages__parts') }}
    where option_set = 'default'

),

options as (

    select * from {{ ref('int_stages__options') }}
    where option_set = 'default'

),

factors as (

    select * from {{ ref('stg_method__stage_factors') }}

),

moved as (

    select
        parts.report_id,
        options.input_name,
        options.input_zh,
        options.input_en,
        options.name_zh,
        options.name_en,
        options.low,
        options.high,
        parts.stage,
        round(
            sum(
                parts.high
                * case
                    when factors.input_name is null then 1
                    when options.high = 0 then 0
                    else options.low / options.high
                end
            ), 9
        ) as upper_end
    from parts
    inner join options
        on parts.report_id = options.report_id
    left join factors
        on
            parts.stage = factors.stage
            and parts.part = factors.part
            and options.input_name = factors.input_name
    where options.low < options.high
    group by
        parts.report_id,
        options.input_name,
        options.input_zh,
        options.input_en,
        options.name_zh,
        options.name_en,
        options.low,
        options.high,
        parts.stage

),

final as (

    select
        report_id,
        input_name,
        input_zh,
        input_en,
        name_zh as option_zh,
        name_en as option_en,
        cast(low as decimal(18, 6)) as low,
        cast(high as decimal(18, 6)) as high,
        cast(max(case when stage = 'once' then upper_end end) as decimal(18, 4)) as once_high,
        cast(max(case when stage = 'fte' then upper_end end) as decimal(18, 4)) as fte_high,
        cast(max(case when stage = 'net' then upper_end end) as decimal(18, 4)) as net_high
    from moved
    group by report_id, input_name, input_zh, input_en, name_zh, name_en, low, high

)

select
    *,
    row_number() over (
        partition by report_id
        order by net_high, input_name
    ) as driver_rank
from final

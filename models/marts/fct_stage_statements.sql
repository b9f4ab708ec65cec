-- What may be said of a headline, from its stages by rule: what holds for any net number
-- comes first, and the net range never without its options and its widest driver.
with stages as (

    select
        *,
        split_part(unit, '_', 1) as scale_name
    from {{ ref('fct_stages') }}
    where option_set = 'default'

),

drivers as (

    select * from {{ ref('fct_stage_drivers') }}
    where driver_rank = 1

),

options as (

    select * from {{ ref('int_stages__options') }}
    where option_set = 'default' and input_name = 'person_fte'

),

parts as (

    select * from {{ ref('stg_report__stage_parts') }}
    where part = 'persons'

),

benchmarks as (

    select * from {{ ref('fct_benchmarks') }}

),

numbers as (

    select
        report_id,
        scale_name,
        case scale_name when 'wan' then '万' when 'thousand' then '千' else '百万' end as scale_zh,
        max(case when stage = 'gross' then high end) as gross,
        max(case when stage = 'fte' and part = '-' then low end) as fte_low,
        max(case when stage = 'fte' and part = '-' then high end) as fte_high,
        max(case when stage = 'net' and part = '-' then low end) as net_low,
        max(case when stage = 'net' and part = '-' then high end) as net_high,
        max(case when stage = 'net' and part = '-' then options_zh end) as options_zh,
        max(case when stage = 'net' and part = '-' then options_en end) as options_en,
        max(reason_zh) as reason_zh,
        max(reason_en) as reason_en
    from stages
    group by report_id, scale_name

),

firm as (

    select
        numbers.report_id,
        'not_full_time' as statement_id,
        1 as sort_order,
        '除非' || {{ amount_text('parts.value', 'zh', is_printed=true) }} || '有收入者中超过'
        || {{ rounded_number('100 * options.high', 0) }} || '%全职工作，'
        || {{ amount_text('numbers.gross', 'zh', is_printed=true) }} || '中至少有'
        || {{ amount_text('floor(numbers.gross - numbers.fte_high)', 'zh', is_printed=true) }}
        || '不是全时当量，即使机构、商户与产业链人员全部按全时计' as text_zh,
        'Unless more than ' || {{ rounded_number('100 * options.high', 0) }} || ' percent of the '
        || {{ amount_text('parts.value', 'en', is_printed=true) }} || ' earners worked full time, at least '
        || {{ amount_text('floor(numbers.gross - numbers.fte_high)', 'en', is_printed=true) }} || ' of the '
        || {{ amount_text('numbers.gross', 'en', is_printed=true) }}
        || ' are not full-time equivalents, even if all staff, shops and suppliers count as full time'
            as text_en
    from numbers
    inner join parts
        on numbers.report_id = parts.report_id
    inner join options
        on numbers.report_id = options.report_id
    where numbers.gross - numbers.fte_high >= 1

),

money as (

    select
        numbers.report_id,
        'money_per_earner' as statement_id,
        2 as sort_order,
        '即使平台的全部营业成本都付给有收入者，每人每年也至多'
        || {{ rounded_number('payment.value', 0) }} || '元，为农民工一个月收入的'
        || {{ rounded_number('100 * payment.value / income.value', 0) }}
        || '%；不含其自有销售收入与品牌方付款' as text_zh,
        'If all cost of revenues of the platform had gone to its earners, each would have had at most '
        || {{ rounded_number('payment.value', 0) }} || ' yuan a year, '
        || {{ rounded_number('100 * payment.value / income.value', 0) }}
        || ' percent of one month''s income of a migrant worker; own sales and money from brands'
        || ' are not in it' as text_en
    from numbers
    inner join benchmarks as payment
        on
            numbers.report_id = payment.report_id
            and payment.benchmark_id = 'money_per_earner'
    inner join benchmarks as income
        on
            numbers.report_id = income.report_id
            and income.benchmark_id = 'migrant_monthly_income'

),

beyond as (

    select
        numbers.report_id,
        'beyond_ten_years' as statement_id,
        3 as sort_order,
        '一个平台的总量' || {{ amount_text('numbers.gross', 'zh', is_printed=true) }} || '，超过全部数字经济十年的就业净贡献（年均'
        || {{ rounded_number('benchmarks.value', 2) }} || '万，十年'
        || {{ rounded_number('10 * benchmarks.value', 1) }} || '万）' as text_zh,
        'The total of one platform, ' || {{ amount_text('numbers.gross', 'en', is_printed=true) }}
        || ', exceeds ten years of the net contribution of the whole digital economy ('
        || {{ short_number('benchmarks.value / 100', 4) }} || ' million a year)' as text_en
    from numbers
    inner join benchmarks
        on
            numbers.report_id = benchmarks.report_id
            and benchmarks.benchmark_id = 'digital_net_per_year'
    where numbers.scale_name = 'wan' and numbers.gross > 10 * benchmarks.value

),

net as (

    select
        numbers.report_id,
        'net_scenario' as statement_id,
        4 as sort_order,
        '净额情景（不是估计，没有中间值）：在下列选项下为' || {{ amount_text('numbers.net_low', 'zh') }} || '至'
        || {{ amount_text('numbers.net_high', 'zh') }} || '全时当量；影响最大的是“' || drivers.input_zh
        || '”：只把它取到低端，上端即降至' || {{ amount_text('drivers.net_high', 'zh') }} || '。选项：'
        || numbers.options_zh as text_zh,
        'Net scenario (not an estimate, without a middle): ' || {{ amount_text('numbers.net_low', 'en') }}
        || ' to ' || {{ amount_text('numbers.net_high', 'en') }}
        || ' full-time equivalents under the options below. Its widest driver is ' || drivers.input_en
        || ': at its lower end alone, the upper end falls to ' || {{ amount_text('drivers.net_high', 'en') }}
        || '. Options: ' || numbers.options_en as text_en
    from numbers
    inner join drivers
        on numbers.report_id = drivers.report_id
    where numbers.net_high is not null

),

gap as (

    select
        report_id,
        'not_available' as statement_id,
        5 as sort_order,
        '一人一次、折合全时与净额三个阶段无法得出：' || reason_zh as text_zh,
        'The stages once, full-time equivalents and net are not available: ' || reason_en as text_en
    from numbers
    where reason_en is not null

),

methods as (

    select
        report_id,
        'methods_only' as statement_id,
        6 as sort_order,
        '方法选择的各种组合只改变怎样计算，不改变计什么；计什么的范围见四个阶段' as text_zh,
        'Combinations of method options vary how it is calculated, not what is counted; the four stages'
        || ' show the range of what is counted' as text_en
    from numbers
    where net_high is not null

),

final as (

    {% for statement in ['firm', 'money', 'beyond', 'net', 'gap', 'methods'] %}
        select
            report_id,
            statement_id,
            cast(sort_order as bigint) as sort_order,
            text_zh,
            text_en
        from {{ statement }}
        {{ 'union all' if not loop.last }}
    {% endfor %}

)

select * from final

-- What may be said of a headline, from its stages by rule: what holds for any net number
-- comes first, and the net range never without its options and its widest driver.
with stages as (

    select
        stages.*,
        units.scale
    from {{ ref('fct_stages') }} as stages
    inner join {{ ref('dim_units') }} as units
        on stages.unit = units.unit
    where stages.option_set = 'default'

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

    select
        benchmarks.*,
        units.scale
    from {{ ref('fct_benchmarks') }} as benchmarks
    inner join {{ ref('dim_units') }} as units
        on benchmarks.unit = units.unit

),

numbers as (

    select
        report_id,
        scale,
        max(case when stage = 'gross' then high end) as gross,
        max(case when stage = 'gross' then comparator end) as comparator,
        max(case when stage = 'fte' and part = '-' then high end) as fte_high,
        max(case when stage = 'net' and part = '-' then low end) as net_low,
        max(case when stage = 'net' and part = '-' then high end) as net_high,
        max(case when stage = 'net' and part = '-' then options_zh end) as options_zh,
        max(case when stage = 'net' and part = '-' then options_en end) as options_en,
        max(reason_zh) as reason_zh,
        max(reason_en) as reason_en
    from stages
    group by report_id, scale

),

-- in the unit of the report
amounts as (

    {% for amount, value, is_printed in [
        ('gross', 'gross', 'true'),
        ('not_full_time', 'floor(gross - fte_high)', 'true'),
        ('net_low', 'net_low', 'false'),
        ('net_high', 'net_high', 'false'),
    ] -%}
        select
            report_id,
            '{{ amount }}' as amount,
            {{ value }} as value,
            scale,
            {{ is_printed }} as is_printed
        from numbers

        union all

    {% endfor -%}

    select
        report_id,
        'earners' as amount,
        value,
        scale,
        true as is_printed
    from parts

    union all

    select
        drivers.report_id,
        'driver_high' as amount,
        drivers.net_high as value,
        numbers.scale,
        false as is_printed
    from drivers
    inner join numbers
        on drivers.report_id = numbers.report_id

    union all

    {% for amount, years in [('digital_year', 1), ('digital_decade', 10)] -%}
        select
            report_id,
            '{{ amount }}' as amount,
            {{ years }} * value as value,
            scale,
            false as is_printed
        from benchmarks
        where benchmark_id = 'digital_net_per_year'
        {{ 'union all' if not loop.last }}
    {% endfor %}

),

counts as (

    select
        report_id,
        amount,
        is_printed,
        -- a total is calculated again from its parts; reports print four digits
        case
            when is_printed and value > 0
                then
                    round(
                        value * cast(scale as double),
                        cast(3 - floor(log10(value * cast(scale as double))) as integer)
                    )
            else value * cast(scale as double)
        end as people
    from amounts
    where value is not null

),

worded as (

    select
        report_id,
        amount,
        people,
        case
            when is_printed then {{ amount_text('people', 'zh', is_printed=true) }}
            else {{ amount_text('people', 'zh') }}
        end as text_zh,
        case
            when is_printed then {{ amount_text('people', 'en', is_printed=true) }}
            else {{ amount_text('people', 'en') }}
        end as text_en
    from counts

),

texts as (

    select
        report_id,
        {% for amount in ['gross', 'earners', 'not_full_time', 'net_low', 'net_high', 'driver_high',
                          'digital_year', 'digital_decade'] -%}
        max(case when amount = '{{ amount }}' then people end) as {{ amount }},
        max(case when amount = '{{ amount }}' then text_zh end) as {{ amount }}_zh,
        max(case when amount = '{{ amount }}' then text_en end) as {{ amount }}_en
        {{- ',' if not loop.last }}
    {% endfor %}
    from worded
    group by report_id

),

firm as (

    select
        texts.report_id,
        'not_full_time' as statement_id,
        1 as sort_order,
        '除非' || texts.earners_zh || '有收入者中超过' || {{ rounded_number('100 * options.high', 0) }}
        || '%全职工作，' || texts.gross_zh || '中至少有' || texts.not_full_time_zh
        || '不是全时当量，即使机构、商户与产业链人员全部按全时计' as text_zh,
        'Unless more than ' || {{ rounded_number('100 * options.high', 0) }} || ' percent of the '
        || texts.earners_en || ' earners worked full time, at least ' || texts.not_full_time_en
        || ' of the ' || texts.gross_en
        || ' are not full-time equivalents, even if all staff, shops and suppliers count as full time'
            as text_en
    from texts
    inner join options
        on texts.report_id = options.report_id
    where texts.earners is not null and texts.not_full_time > 0

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
        '报告的总量（' || {{ bound_word('numbers.comparator', 'zh') }} || texts.gross_zh
        || '）大于全部数字经济十年的就业净贡献（年均' || texts.digital_year_zh || '，十年'
        || texts.digital_decade_zh || '）' as text_zh,
        'The total of the report, ' || {{ bound_word('numbers.comparator', 'en') }} || texts.gross_en
        || ', exceeds ten years of the net contribution of the whole digital economy ('
        || texts.digital_year_en || ' a year, ' || texts.digital_decade_en || ' in ten years)' as text_en
    from numbers
    inner join texts
        on numbers.report_id = texts.report_id
    where texts.gross > texts.digital_decade

),

net as (

    select
        numbers.report_id,
        'net_scenario' as statement_id,
        4 as sort_order,
        '净额情景（不是估计，没有中间值）：在下列选项下为' || texts.net_low_zh || '至' || texts.net_high_zh
        || '个全时当量；影响最大的是“' || drivers.input_zh || '”：只把它取到低端，上端即降至'
        || texts.driver_high_zh || '。选项：' || numbers.options_zh as text_zh,
        'Net scenario (not an estimate, without a middle): ' || texts.net_low_en || ' to '
        || texts.net_high_en
        || ' full-time equivalents under the options below. Its widest driver is '
        || drivers.input_en
        || ': at its lower end alone, the upper end falls to ' || texts.driver_high_en
        || '. Options: ' || numbers.options_en as text_en
    from numbers
    inner join texts
        on numbers.report_id = texts.report_id
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

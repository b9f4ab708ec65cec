-- Names and units of the uncertain inputs.
with assumptions as (

    select * from {{ ref('stg_reference__assumptions') }}

),

final as (

    select
        'gmv_yi_yuan' as input_name,
        '十二个月电商交易总额' as name_zh,
        'GMV of twelve months' as name_en,
        '亿元' as unit_zh,
        '100 million yuan' as unit_en

    union all

    select
        'intercept' as input_name,
        '公布的系数 b0' as name_zh,
        'published coefficient b0' as name_en,
        '万元/人' as unit_zh,
        '10 thousand yuan a person' as unit_en

    union all

    select
        'turnover' as input_name,
        '公布的系数 b1' as name_zh,
        'published coefficient b1' as name_en,
        '1/人' as unit_zh,
        'per person' as unit_en

    union all

    select
        'turnover_squared' as input_name,
        '公布的系数 b2' as name_zh,
        'published coefficient b2' as name_en,
        '1/(人·万元)' as unit_zh,
        'per person and 10 thousand yuan' as unit_en

    union all

    select
        'productivity_wan_yuan_per_job' as input_name,
        '样本估计的人均营业额' as name_zh,
        'fitted productivity of merchants' as name_en,
        '万元/人' as unit_zh,
        '10 thousand yuan a job' as unit_en

    union all

    select
        'mean_turnover_wan_yuan' as input_name,
        '样本的平均营业额' as name_zh,
        'mean turnover of the merchant sample' as name_en,
        '万元' as unit_zh,
        '10 thousand yuan' as unit_en

    union all

    select
        column_name || '_factor' as input_name,
        subject_zh as name_zh,
        subject_en as name_en,
        '倍' as unit_zh,
        'factor' as unit_en
    from assumptions

)

select * from final

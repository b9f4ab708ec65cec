-- One scan of the merchant microdata: every line as it stands, judged by column.
-- Without join and aggregate DuckDB keeps the order of the files: the position of a row
-- is its line.
{{ config(materialized='table') }}
{%- set rejections = merchant_rejections() %}

with source as (

    {{ merchant_rows([
        'platform_id', 'sample_id', 'merchant_id', 'industry_code',
        'turnover_wan_yuan', 'headcount', 'survey_weight', 'provenance', 'source_id'
    ]) }}

),

judged as (

    select
        *,
        {{ rejections.platform_id }} as platform_id_rejection,
        {{ rejections.sample_id }} as sample_id_rejection,
        {{ rejections.merchant_id }} as merchant_id_rejection,
        {{ rejections.industry_code }} as industry_code_rejection,
        {{ rejections.turnover_wan_yuan }} as turnover_wan_yuan_rejection,
        {{ rejections.headcount }} as headcount_rejection,
        {{ rejections.survey_weight }} as survey_weight_rejection,
        {{ rejections.provenance }} as provenance_rejection,
        {{ rejections.source_id }} as source_id_rejection
    from source

),

final as (

    select
        file_number,
        platform_id,
        sample_id,
        merchant_id,
        industry_code,
        turnover_wan_yuan,
        headcount,
        survey_weight,
        provenance,
        source_id,
        case
            when platform_id_rejection is not null then 'platform_id'
            when sample_id_rejection is not null then 'sample_id'
            when merchant_id_rejection is not null then 'merchant_id'
            when industry_code_rejection is not null then 'industry_code'
            when turnover_wan_yuan_rejection is not null then 'turnover_wan_yuan'
            when headcount_rejection is not null then 'headcount'
            when survey_weight_rejection is not null then 'survey_weight'
            when provenance_rejection is not null then 'provenance'
            when source_id_rejection is not null then 'source_id'
        end as rejected_column,
        coalesce(
            platform_id_rejection,
            sample_id_rejection,
            merchant_id_rejection,
            industry_code_rejection,
            turnover_wan_yuan_rejection,
            headcount_rejection,
            survey_weight_rejection,
            provenance_rejection,
            source_id_rejection
        ) as reason_code
    from judged

)

select * from final

-- Jobs by each estimator = total turnover x jobs for each unit of turnover.
with trailing_gmv as (

    select * from {{ ref('int_gmv__trailing_four_quarters') }}

),

estimators as (

    select * from {{ ref('est_estimator_comparison') }}

),

samples as (

    select * from {{ ref('int_survey__samples') }}

),

known_estimators as (

    select * from {{ ref('dim_estimators') }}

),

provenance_kinds as (

    select * from {{ ref('dim_provenance_kinds') }}

),

inputs as (

    select
        estimators.*,
        trailing_gmv.window_end,
        cast(trailing_gmv.gmv_yi_yuan as double) as gmv_yi_yuan,
        samples.nobs,
        coalesce(samples.report_window_end != trailing_gmv.window_end, true)
            as is_extrapolated,
        greatest(gmv_kinds.provenance_rank, sample_kinds.provenance_rank)
            as weakest_provenance_rank
    from estimators
    inner join trailing_gmv
        on estimators.platform_id = trailing_gmv.platform_id
    inner join samples
        on
            estimators.platform_id = samples.platform_id
            and estimators.sample_id = samples.sample_id
    inner join provenance_kinds as gmv_kinds
        on trailing_gmv.provenance = gmv_kinds.provenance
    inner join provenance_kinds as sample_kinds
        on
            sample_kinds.provenance = {{ provenance_in_window(
                'samples.provenance',
                'samples.report_window_end',
                'trailing_gmv.window_end'
            ) }}

),

final as (

    select
        inputs.platform_id,
        inputs.window_end,
        {{ window_key('inputs') }} as window_key,
        inputs.sample_id,
        inputs.estimator_id,
        known_estimators.sort_order,
        known_estimators.name_zh,
        known_estimators.name_en,
        'jobs' as unit_counted,
        -- 亿元 x jobs for each 万元 = 万 jobs
        cast(inputs.gmv_yi_yuan * inputs.jobs_per_wan_yuan as decimal(18, 4))
            as jobs_wan_of_estimator,
        cast(inputs.gmv_yi_yuan * inputs.conf_low as decimal(18, 4)) as conf_low,
        cast(inputs.gmv_yi_yuan * inputs.conf_high as decimal(18, 4)) as conf_high,
        inputs.interval_method,
        cast(inputs.ratio_to_report_formula as decimal(18, 6))
            as ratio_to_report_formula,
        inputs.merchants_used,
        inputs.nobs,
        inputs.merchants_outside_domain,
        cast(inputs.turnover_share_outside_domain as decimal(18, 6))
            as turnover_share_outside_domain,
        inputs.reason_code,
        known_estimators.assumption_zh,
        known_estimators.assumption_en,
        known_estimators.preferred_when_zh,
        known_estimators.preferred_when_en,
        inputs.is_extrapolated,
        provenance_kinds.provenance as weakest_provenance
    from inputs
    inner join known_estimators
        on inputs.estimator_id = known_estimators.estimator_id
    inner join provenance_kinds
        on inputs.weakest_provenance_rank = provenance_kinds.provenance_rank

)

select * from final

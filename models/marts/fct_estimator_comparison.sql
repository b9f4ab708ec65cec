-- Jobs by each estimator = total turnover x jobs per unit of turnover, or number of
-- merchants x jobs per merchant where that number is published.
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

merchant_counts as (

    select
        counts.platform_id,
        {{ date_from_text('counts.period_start') }} as window_start,
        {{ date_from_text('counts.period_end') }} as window_end,
        cast({{ decimal_from_text('counts.value', 18, 4) }} as double) as merchants_wan,
        kinds.provenance_rank
    from {{ ref('merchants_and_buyers') }} as counts
    inner join provenance_kinds as kinds
        on counts.provenance = kinds.provenance
    where
        counts.measure = 'active_merchants'
        and counts.unit = 'wan_merchants'
        and counts.comparator in ('equal', 'about')

),

inputs as (

    select
        estimators.*,
        trailing_gmv.window_end,
        samples.nobs,
        coalesce(samples.report_window_end != trailing_gmv.window_end, true)
            as is_extrapolated,
        of_report.jobs_per_wan_yuan * cast(trailing_gmv.gmv_yi_yuan as double)
            as jobs_wan_of_report,
        case
            when estimators.jobs_per_merchant is null
                then cast(trailing_gmv.gmv_yi_yuan as double)
            else merchant_counts.merchants_wan
        end as scale,
        greatest(
            sample_kinds.provenance_rank,
            case
                when estimators.jobs_per_merchant is null
                    then gmv_kinds.provenance_rank
                else merchant_counts.provenance_rank
            end
        ) as weakest_provenance_rank
    from estimators
    inner join trailing_gmv
        on estimators.platform_id = trailing_gmv.platform_id
    inner join samples
        on
            estimators.platform_id = samples.platform_id
            and estimators.sample_id = samples.sample_id
    inner join estimators as of_report
        on
            estimators.platform_id = of_report.platform_id
            and estimators.sample_id = of_report.sample_id
            and of_report.estimator_id = 'report_formula'
    left join merchant_counts
        on
            trailing_gmv.platform_id = merchant_counts.platform_id
            and trailing_gmv.window_start = merchant_counts.window_start
            and trailing_gmv.window_end = merchant_counts.window_end
    inner join provenance_kinds as gmv_kinds
        on trailing_gmv.provenance = gmv_kinds.provenance
    inner join provenance_kinds as sample_kinds
        on
            sample_kinds.provenance = {{ provenance_in_window(
                'samples.provenance',
                'samples.report_window_end',
                'trailing_gmv.window_end'
            ) }}
    where
        estimators.estimator_id != 'mean_headcount'
        or merchant_counts.merchants_wan is not null

),

jobs as (

    select
        *,
        -- 亿元 x jobs per 万元, or 万 merchants x jobs per merchant = 万 jobs
        scale * coalesce(jobs_per_wan_yuan, jobs_per_merchant) as jobs_wan,
        scale * uncorrected_value as uncorrected_jobs_wan
    from inputs

),

final as (

    select
        jobs.platform_id,
        jobs.window_end,
        {{ window_key('jobs') }} as window_key,
        jobs.sample_id,
        jobs.estimator_id,
        known_estimators.sort_order,
        known_estimators.name_zh,
        known_estimators.name_en,
        'jobs' as unit_counted,
        cast(jobs.jobs_wan as decimal(18, 4)) as jobs_wan_of_estimator,
        cast(jobs.scale * jobs.conf_low as decimal(18, 4)) as conf_low,
        cast(jobs.scale * jobs.conf_high as decimal(18, 4)) as conf_high,
        jobs.interval_method,
        jobs.interval_kind,
        jobs.no_interval_reason,
        jobs.degrees_of_freedom,
        -- before known totals and assumed tails
        cast(jobs.uncorrected_jobs_wan as decimal(18, 4)) as uncorrected_jobs_wan,
        cast(jobs.scale * jobs.uncorrected_low as decimal(18, 4)) as uncorrected_low,
        cast(jobs.scale * jobs.uncorrected_high as decimal(18, 4)) as uncorrected_high,
        cast(jobs.jobs_wan / jobs.jobs_wan_of_report as decimal(18, 6))
            as ratio_to_report_formula,
        jobs.merchants_used,
        jobs.nobs,
        jobs.merchants_outside_domain,
        cast(jobs.turnover_share_outside_domain as decimal(18, 6))
            as turnover_share_outside_domain,
        jobs.reason_code,
        known_estimators.assumption_zh,
        known_estimators.assumption_en,
        known_estimators.preferred_when_zh,
        known_estimators.preferred_when_en,
        jobs.is_extrapolated,
        provenance_kinds.provenance as weakest_provenance
    from jobs
    inner join known_estimators
        on jobs.estimator_id = known_estimators.estimator_id
    inner join provenance_kinds
        on jobs.weakest_provenance_rank = provenance_kinds.provenance_rank

)

select * from final

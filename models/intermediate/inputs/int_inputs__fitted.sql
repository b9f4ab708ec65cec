-- Inputs from merchant samples: productivity by a fitted curve or by an estimator without
-- a curve, or the mean turnover of the sample for the published curve. At the implied
-- mean, which is fixed, the error comes from the coefficients alone.
with windows as (

    select distinct
        platform_id,
        window_end
    from {{ ref('int_chain__windows') }}

),

scenarios as (

    select * from {{ ref('dim_scenarios') }}

),

-- nothing but a report says which window a sample is of; it says so for all scenarios
-- that are variants on this sample
sample_windows as (

    select distinct
        scenarios.platform_id,
        scenarios.sample_id,
        reports.window_end
    from {{ ref('dim_reports') }} as reports
    inner join scenarios
        on
            reports.platform_id = scenarios.platform_id
            and reports.scenario_id = scenarios.scenario_id

),

ways as (

    select
        'sample_curve' as option_id,
        true as is_fitted,
        false as is_implied

    union all

    select
        'sample_curve_at_implied_mean' as option_id,
        true as is_fitted,
        true as is_implied

    union all

    select
        'published_curve_at_sample_mean' as option_id,
        false as is_fitted,
        false as is_implied

),

curves as (

    select
        fits.*,
        windows.window_end,
        ways.option_id,
        ways.is_fitted,
        ways.is_implied,
        samples.mean_turnover_wan_yuan as sample_turnover_wan_yuan,
        samples.provenance as sample_provenance,
        samples.source_id,
        (
            cast(implied.implied_turnover_wan_yuan as double) - fits.lowest_wan_yuan
        ) / fits.range_wan_yuan as u
    from windows
    inner join {{ ref('int_survey__samples') }} as samples
        on windows.platform_id = samples.platform_id
    cross join ways
    inner join {{ ref('est_merchant_fits') }} as fits
        on
            samples.platform_id = fits.platform_id
            and samples.sample_id = fits.sample_id
            and fits.industry_code = '-'
    left join {{ ref('int_chain__published_curves') }} as implied
        on
            windows.platform_id = implied.platform_id
            and windows.window_end = implied.window_end
    where
        not ways.is_implied
        or implied.implied_turnover_wan_yuan is not null

),

polynomials as (

    select
        *,
        fitted_0 + u * (fitted_1 + u * fitted_2) as implied_wan_yuan_per_job
    from curves

),

errors as (

    select
        *,
        sqrt(
            covariance_0_0
            + u * (2 * covariance_0_1 + u * (
                covariance_1_1 + 2 * covariance_0_2
                + u * (2 * covariance_1_2 + u * covariance_2_2)
            ))
        ) / implied_wan_yuan_per_job as log_error
    from polynomials

),

offered as (

    select
        platform_id,
        window_end,
        sample_id,
        option_id,
        case when is_fitted then 'productivity' else 'mean_turnover' end as input_name,
        -- 95 % on the logarithmic scale; none for an error as large as the value
        {% for end, sign in [('low', '/'), ('high', '*')] %}
            case
                when not is_fitted then mean_turnover_conf_{{ end }}
                when not is_implied then mean_productivity_conf_{{ end }}
                when log_error < 1
                    then
                        implied_wan_yuan_per_job
                        {{ sign }} exp(1.959963984540054 * log_error)
            end as {{ end }},
        {% endfor %}
        case
            when not is_fitted then cast(sample_turnover_wan_yuan as double)
            when is_implied then implied_wan_yuan_per_job
            else mean_productivity_wan_yuan_per_job
        end as central,
        -- by which the low and the high value are limits of a productivity
        case when is_fitted then 'delta_method' end as interval_method,
        case
            when is_implied and sample_provenance in ('disclosed', 'published')
                then 'derived'
            else sample_provenance
        end as provenance,
        source_id
    from errors

    union all

    select
        windows.platform_id,
        windows.window_end,
        samples.sample_id,
        estimators.estimator_id as option_id,
        'productivity' as input_name,
        1 / estimators.conf_high as low,
        1 / estimators.conf_low as high,
        1 / estimators.jobs_per_wan_yuan as central,
        estimators.interval_method,
        samples.provenance,
        samples.source_id
    from windows
    inner join {{ ref('int_survey__samples') }} as samples
        on windows.platform_id = samples.platform_id
    inner join {{ ref('est_estimator_comparison') }} as estimators
        on
            samples.platform_id = estimators.platform_id
            and samples.sample_id = estimators.sample_id
    where estimators.jobs_per_wan_yuan > 0

),

final as (

    select
        cast(null as varchar) as method_id,
        offered.platform_id,
        offered.window_end,
        ['merchant_jobs=' || offered.option_id, 'sample=' || offered.sample_id]
            as options,
        3 as priority,
        offered.input_name,
        '-' as element_id,
        offered.low,
        offered.high,
        offered.central,
        offered.interval_method,
        'normal' as distribution,
        'sampling' as uncertainty_kind,
        offered.input_name || '_wan_yuan'
        || case offered.input_name when 'productivity' then '_per_job' else '' end
            as stream,
        sample_windows.window_end is not null as is_of_window,
        false as is_carried_forward,
        cast(null as date) as period_end,
        -- a value of another period is an assumption
        case
            when
                sample_windows.window_end is not null
                or offered.provenance = 'synthetic'
                then offered.provenance
            else 'assumed'
        end as provenance,
        offered.source_id,
        'survey/merchant_sample.csv' as seed,
        -- computed from many lines
        cast(null as bigint) as seed_line,
        offered.sample_id as reference
    from offered
    left join sample_windows
        on
            offered.platform_id = sample_windows.platform_id
            and offered.sample_id = sample_windows.sample_id
            and offered.window_end = sample_windows.window_end

)

select * from final

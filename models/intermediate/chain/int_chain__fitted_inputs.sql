-- What a scenario takes from a merchant sample: productivity by its curve, on which all
-- merchant jobs rest, or its mean turnover beside the published curve. At the implied
-- mean, which is held, the error is that of the coefficients alone.
with scenarios as (

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

chosen as (

    select
        fits.*,
        windows.window_end,
        windows.scenario_id,
        samples.mean_turnover_wan_yuan as sample_turnover_wan_yuan,
        samples.provenance as sample_provenance,
        samples.source_id,
        scenarios.coefficient_source = 'fitted' as is_fitted,
        scenarios.mean_turnover_source = 'implied' as is_implied,
        sample_windows.window_end is not null as is_of_window,
        (
            cast(curves.implied_turnover_wan_yuan as double) - fits.lowest_wan_yuan
        ) / fits.range_wan_yuan as u
    from {{ ref('int_chain__windows') }} as windows
    inner join scenarios
        on
            windows.platform_id = scenarios.platform_id
            and windows.scenario_id = scenarios.scenario_id
    inner join {{ ref('int_survey__samples') }} as samples
        on
            scenarios.platform_id = samples.platform_id
            and scenarios.sample_id = samples.sample_id
    inner join {{ ref('est_merchant_fits') }} as fits
        on
            samples.platform_id = fits.platform_id
            and samples.sample_id = fits.sample_id
            and fits.industry_code = 'all'
    left join {{ ref('int_chain__published_curves') }} as curves
        on
            windows.platform_id = curves.platform_id
            and windows.window_end = curves.window_end
    left join sample_windows
        on
            scenarios.platform_id = sample_windows.platform_id
            and scenarios.sample_id = sample_windows.sample_id
            and windows.window_end = sample_windows.window_end
    where
        scenarios.mean_turnover_source = 'sample'
        or scenarios.coefficient_source = 'fitted'
        and curves.implied_turnover_wan_yuan is not null

),

polynomials as (

    select
        *,
        fitted_0 + u * (fitted_1 + u * fitted_2) as implied_wan_yuan_per_job,
        orthonormal_0_0 as q0,
        orthonormal_1_0 + u * orthonormal_1_1 as q1,
        orthonormal_2_0 + u * (orthonormal_2_1 + u * orthonormal_2_2) as q2
    from chosen

),

errors as (

    select
        *,
        sqrt(
            covariance_0_0 * q0 * q0
            + covariance_1_1 * q1 * q1
            + covariance_2_2 * q2 * q2
            + 2 * covariance_0_1 * q0 * q1
            + 2 * covariance_0_2 * q0 * q2
            + 2 * covariance_1_2 * q1 * q2
        ) / implied_wan_yuan_per_job as log_error
    from polynomials

),

final as (

    select
        platform_id,
        window_end,
        scenario_id,
        case when is_fitted then 'productivity' else 'mean_turnover' end as input_name,
        {{ no_element() }} as element_id,
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
            case
                when is_fitted and not is_implied then bootstrap_conf_{{ end }}
            end as bootstrap_{{ end }},
        {% endfor %}
        case
            when not is_fitted then cast(sample_turnover_wan_yuan as double)
            when is_implied then implied_wan_yuan_per_job
            else mean_productivity_wan_yuan_per_job
        end as central,
        -- by which the low and the high value are limits of a productivity
        case when is_fitted then 'delta_method' end as interval_method,
        'normal' as distribution,
        'sampling' as uncertainty_kind,
        case
            when is_fitted then 'productivity_wan_yuan_per_job'
            else 'mean_turnover_wan_yuan'
        end as stream,
        is_of_window,
        false as is_carried_forward,
        case
            when is_implied and sample_provenance in ('disclosed', 'published')
                then 'derived'
            else sample_provenance
        end as provenance,
        source_id,
        'survey/merchant_sample.csv' as seed,
        -- made of many
        cast(null as bigint) as seed_line,
        sample_id as reference
    from errors

)

select * from final

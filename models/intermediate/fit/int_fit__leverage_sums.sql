-- What a second scan of the merchants adds to each fit once its curve is known. Nothing
-- is summed as a double, since that depends on the order of the rows.
with residuals as (

    select * from {{ ref('int_fit__residuals') }}

),

distances as (

    select
        *,
        greatest(1 - leverage, 1e-8) as distance_to_one,
        -- nearer to one, rounding decides the leverage: the curve passes through the
        -- merchant whatever its headcount, and those who read the largest refuse it
        1 - leverage < 1e-8 as decides_alone,
        fitted_wan_yuan_per_job <= 0 or slope <= 0 as is_outside,
        cast(survey_weight as decimal(19, 6)) * turnover_wan_yuan
            as weighted_turnover_wan_yuan
    from residuals

),

deletions as (

    select
        *,
        residual_wan_yuan_per_job / distance_to_one as deletion_residual,
        -- e^2 / (3 s^2) h / (1 - h)^2
        survey_weight * (residual_wan_yuan_per_job * residual_wan_yuan_per_job)
        * (nobs - 3) / (3 * residual_sum_of_squares) * leverage
        / (distance_to_one * distance_to_one) as cooks_distance
    from distances

),

measured as (

    select
        *,
        -- squared residual as if the merchant had not been in the fit, in units of the
        -- mean one
        deletion_residual * deletion_residual * nobs / residual_sum_of_squares
            as squared_deletion_residual
    from deletions

),

-- apart, so that nobody ranks the merchants of an industry
final as (

    {% for condition in ["industry_code = 'all'", "industry_code != 'all'"] %}
        select
            platform_id,
            sample_id,
            industry_code,
            max(leverage) as largest_leverage,
            {%- for term in ['intercept', 'turnover', 'turnover_squared'] %}
            {{ decimal_sum(
                'squared_deletion_residual * ('
                ~ term ~ '_influence * ' ~ term ~ '_influence)'
            ) }} as {{ term }}_hc3,
            {%- endfor %}
            count(case when is_outside then 1 end) as merchants_outside_domain,
            cast(
                coalesce(
                    sum(case when is_outside then weighted_turnover_wan_yuan end), 0
                )
                as double
            ) / cast(sum(weighted_turnover_wan_yuan) as double)
                as turnover_share_outside_domain,
            {% if loop.first %}
        {{ least_rows(
            {
                'is_ranked': 'not decides_alone',
                'minus_distance': 'case when not decides_alone then -cooks_distance end',
                'merchant_id': 'merchant_id',
                'turnover_wan_yuan': 'turnover_wan_yuan',
                'headcount': 'headcount',
                'fitted_wan_yuan_per_job': 'fitted_wan_yuan_per_job',
                'residual_wan_yuan_per_job': 'residual_wan_yuan_per_job',
                'leverage': 'leverage',
            },
            10,
            'decides_alone or cooks_distance > 4e0 / nobs'
        ) }} as most_influential
            {% else %}
                null as most_influential
            {% endif %}
        from measured
        where {{ condition }}
        group by platform_id, sample_id, industry_code

        {{ 'union all' if not loop.last }}
    {% endfor %}

)

select * from final

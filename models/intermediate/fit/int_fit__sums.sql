-- All that the fit of equation 2.1 needs of a merchant sample too large for memory:
-- three scans, for bounds, for sums of powers and for sums of residuals. Only + - * /,
-- sqrt, sum, min, max, count, case and join: any engine gives the same numbers, up to
-- the order in which it adds.
{%- set pairs = [(0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2)] %}
with large_samples as (

    select
        platform_id,
        sample_id
    from {{ ref('int_survey__samples') }}
    where nobs > {{ whole_number_variable('max_merchants_in_memory') }}

),

accepted as (

    select merchants.*
    from {{ ref('stg_survey__merchants') }} as merchants
    inner join large_samples
        on
            merchants.platform_id = large_samples.platform_id
            and merchants.sample_id = large_samples.sample_id

),

-- each industry, and the sample as a whole
merchants as (

    {% for industry_code in ['industry_code', "'all'"] %}
        select
            platform_id,
            sample_id,
            {{ industry_code }} as industry_code,
            turnover_wan_yuan,
            headcount,
            survey_weight
        from accepted
        {{ 'union all' if not loop.last }}
    {% endfor %}

),

bounds as (

    select
        platform_id,
        sample_id,
        industry_code,
        count(*) as nobs,
        min(turnover_wan_yuan) as lowest_wan_yuan,
        cast(max(turnover_wan_yuan) - min(turnover_wan_yuan) as double)
            as range_wan_yuan
    from merchants
    group by platform_id, sample_id, industry_code

),

-- w weight, x turnover, y headcount, p productivity, u position of x between the bounds
positions as (

    select
        bounds.*,
        cast(merchants.survey_weight as double) as w,
        cast(merchants.turnover_wan_yuan as double) as x,
        cast(merchants.turnover_wan_yuan as double) / merchants.headcount as p,
        cast(merchants.turnover_wan_yuan - bounds.lowest_wan_yuan as double)
        / bounds.range_wan_yuan as u
    from merchants
    inner join bounds
        on
            merchants.platform_id = bounds.platform_id
            and merchants.sample_id = bounds.sample_id
            and merchants.industry_code = bounds.industry_code
    where bounds.range_wan_yuan > 0

),

powers as (

    select
        platform_id,
        sample_id,
        industry_code,
        nobs,
        lowest_wan_yuan,
        range_wan_yuan,
        sum(w) as s0,
        sum(w * u) as s1,
        sum(w * (u * u)) as s2,
        sum(w * (u * u) * u) as s3,
        sum(w * (u * u) * (u * u)) as s4,
        sum(w * p) as p0,
        sum(w * p * u) as p1,
        sum(w * p * (u * u)) as p2,
        sum(w * (p * p)) as pp,
        min(w) as lowest_weight,
        max(w) as highest_weight
    from positions
    group by
        platform_id,
        sample_id,
        industry_code,
        nobs,
        lowest_wan_yuan,
        range_wan_yuan

),

-- orthonormal polynomials: q0 = a0, q1 = a1 (u - m), q2 = a2 (u^2 - k (u - m) - r),
-- with sum w q_i q_j = 1 where i = j, otherwise 0
moments as (

    select
        *,
        s1 / s0 as m,
        s2 / s0 as r,
        s2 - s1 * s1 / s0 as variance,
        s4 - s2 * s2 / s0 as fourth,
        (s3 - s2 * s1 / s0) / nullif(s2 - s1 * s1 / s0, 0) as k
    from powers

),

basis as (

    select
        *,
        1 / sqrt(s0) as a0,
        1 / sqrt(variance) as a1,
        1 / sqrt(fourth - k * k * variance) as a2
    from moments
    -- turnovers that are not close to two values: the fit gives the reason
    where variance > 1e-8 * s2 and fourth - k * k * variance > 1e-8 * s4

),

curves as (

    select
        *,
        a0 * p0 as c0,
        a1 * (p1 - m * p0) as c1,
        a2 * (p2 - k * (p1 - m * p0) - r * p0) as c2
    from basis

),

polynomials as (

    select
        curves.*,
        positions.w,
        positions.x,
        positions.p,
        positions.u,
        curves.a0 as q0,
        curves.a1 * (positions.u - curves.m) as q1,
        curves.a2 * (
            positions.u * positions.u - curves.k * (positions.u - curves.m) - curves.r
        ) as q2
    from positions
    inner join curves
        on
            positions.platform_id = curves.platform_id
            and positions.sample_id = curves.sample_id
            and positions.industry_code = curves.industry_code

),

-- e residual, h leverage, z influence on the mean position, f fitted less its mean
residuals as (

    select
        *,
        p - (c0 * q0 + c1 * q1 + c2 * q2) as e,
        w * (q0 * q0 + q1 * q1 + q2 * q2) as h,
        w * (u - m) as z,
        (c1 * q1 + c2 * q2) * (c1 * q1 + c2 * q2) as f_squared,
        case
            when c0 * q0 + c1 * q1 + c2 * q2 <= 0 then 1
            when c1 * a1 + c2 * a2 * (2 * u - k) <= 0 then 1
            else 0
        end as is_outside
    from polynomials

),

squares as (

    select
        *,
        w * w * (e * e) as g,
        -- a curve through the merchant for any headcount has no HC3
        case when 1 - h >= 1e-8 then w * w * (e * e) / ((1 - h) * (1 - h)) end as g3
    from residuals

),

scores as (

    select
        platform_id,
        sample_id,
        industry_code,
        -- what rounding left of the residuals in the curve: a step of refinement
        {% for j in range(3) %}
            sum(w * e * q{{ j }}) as d{{ j }},
            sum(z * (w * e * q{{ j }})) as z{{ j }},
            sum(w * (f_squared * q{{ j }})) as reset{{ j }},
            sum((e * e) * q{{ j }}) as squares{{ j }},
        {% endfor %}
        {% for i, j in pairs %}
            sum(g * (q{{ i }} * q{{ j }})) as g{{ i }}{{ j }},
            sum(g3 * (q{{ i }} * q{{ j }})) as g3_{{ i }}{{ j }},
        {% endfor %}
        sum(w * (e * e)) as rss,
        max(h) as largest_leverage,
        sum(z * z) as zz,
        sum((e * e) * (e * e)) as squares_squared,
        sum(w * (f_squared * f_squared)) as reset_squared,
        sum(w * (f_squared * e)) as reset_residual,
        sum(is_outside) as merchants_outside_domain,
        sum(case when is_outside = 1 then w * x else 0 end) / sum(w * x)
            as turnover_share_outside_domain
    from squares
    group by platform_id, sample_id, industry_code

),

-- a fit that is not possible has its bounds alone
final as (

    select
        bounds.platform_id,
        bounds.sample_id,
        bounds.industry_code,
        bounds.nobs,
        bounds.lowest_wan_yuan,
        bounds.range_wan_yuan,
        {% for name in [
            's0', 'p0', 'pp', 'lowest_weight', 'highest_weight', 'm', 'r', 'k',
            'a0', 'a1', 'a2', 'c0', 'c1', 'c2',
        ] %}
            curves.{{ name }},
        {% endfor %}
        {% for j in range(3) %}
            scores.d{{ j }},
            scores.z{{ j }},
            scores.reset{{ j }},
            scores.squares{{ j }},
        {% endfor %}
        {% for i, j in pairs %}
            scores.g{{ i }}{{ j }},
            scores.g3_{{ i }}{{ j }},
        {% endfor %}
        scores.rss,
        scores.largest_leverage,
        scores.zz,
        scores.squares_squared,
        scores.reset_squared,
        scores.reset_residual,
        scores.merchants_outside_domain,
        scores.turnover_share_outside_domain
    from bounds
    left join curves
        on
            bounds.platform_id = curves.platform_id
            and bounds.sample_id = curves.sample_id
            and bounds.industry_code = curves.industry_code
    left join scores
        on
            bounds.platform_id = scores.platform_id
            and bounds.sample_id = scores.sample_id
            and bounds.industry_code = scores.industry_code

)

select * from final

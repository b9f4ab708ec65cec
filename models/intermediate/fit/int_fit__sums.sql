-- noqa: disable=LT02
-- All that the fit of equation 2.1 needs of a merchant sample too large for memory:
-- three scans, for bounds, for sums of powers and for sums of residuals. Only + - * /,
-- sqrt, sum, min, max, count, case, join and row_number: any engine gives the same
-- numbers, up to the order in which it adds.
{{ written_to_sums_folder() }}
{{ config(pre_hook="{{ stop_on_refusals() }}") }}
{%- set pairs = [(0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2)] %}
{%- set is_designed = has_designs() %}
{#- of the units of a declared design; u3 is of the mean turnover -#}
{%- set unit_pairs = pairs + [(0, 3), (1, 3), (2, 3), (3, 3)] %}
{% if is_from_sums() %}
{{ sums_folder('int_fit__sums', {
    'platform_id': 'varchar', 'sample_id': 'varchar', 'industry_code': 'varchar',
    'nobs': 'bigint', 'lowest_wan_yuan': 'decimal(18, 2)',
    'merchants_outside_domain': 'bigint', 'design_strata': 'bigint',
}) }}
{% else %}
with accepted as{{ not_materialized() }} (

    select
        merchants.platform_id,
        merchants.sample_id,
        merchants.industry_code,
        merchants.turnover_wan_yuan,
        merchants.headcount,
        merchants.survey_weight
        {%- if is_designed %},
        case
            when coalesce(designs.stratum, designs.cluster_id) is not null
                then coalesce(designs.stratum, '')
            when designs.population_size is not null then ''
        end as stratum,
        coalesce(designs.cluster_id, merchants.merchant_id) as unit_id,
        cast(designs.population_size as double) as population_size
        {%- endif %}
    from {{ ref('stg_survey__merchants') }} as merchants
    {%- if is_designed %}
    left join {{ ref('stg_survey__merchant_designs') }} as designs
        on
            merchants.platform_id = designs.platform_id
            and merchants.sample_id = designs.sample_id
            and merchants.merchant_id = designs.merchant_id
    {%- endif %}

),

all_industries as (

    select
        platform_id,
        sample_id,
        industry_code,
        count(*) as nobs,
        min(turnover_wan_yuan) as lowest_wan_yuan,
        max(turnover_wan_yuan) as highest_wan_yuan
    from accepted
    group by platform_id, sample_id, industry_code

),

large_samples as (

    select
        platform_id,
        sample_id
    from {{ ref('stg_survey__merchant_counts') }}
    group by platform_id, sample_id
    having sum(merchants) > {{ whole_number_variable('max_merchants_in_memory') }}

),

industries as (

    select all_industries.*
    from all_industries
    inner join large_samples
        on
            all_industries.platform_id = large_samples.platform_id
            and all_industries.sample_id = large_samples.sample_id

),

-- each industry, and the sample as a whole
ranges as (

    {% for industry_code in ['industry_code', "'-'"] %}
        select
            platform_id,
            sample_id,
            {{ industry_code }} as industry_code,
            sum(nobs) as nobs,
            min(lowest_wan_yuan) as lowest_wan_yuan,
            max(highest_wan_yuan) as highest_wan_yuan
        from industries
        group by platform_id, sample_id{{ ', industry_code' if loop.first }}
        {{ 'union all' if not loop.last }}
    {% endfor %}

),

-- grouping by a number takes less time than by names
bounds as (

    select
        cast(
            row_number() over (order by platform_id, sample_id, industry_code)
            as integer
        ) as group_number,
        platform_id,
        sample_id,
        industry_code,
        cast(nobs as bigint) as nobs,
        lowest_wan_yuan,
        cast(highest_wan_yuan - lowest_wan_yuan as double) as range_wan_yuan
    from ranges

),

-- the two groups of a merchant
groups_of_industries as (

    select
        industries.platform_id,
        industries.sample_id,
        industries.industry_code,
        bounds.group_number,
        bounds.lowest_wan_yuan,
        bounds.range_wan_yuan
    from industries
    inner join bounds
        on
            industries.platform_id = bounds.platform_id
            and industries.sample_id = bounds.sample_id
            and (
                industries.industry_code = bounds.industry_code
                or bounds.industry_code = '-'
            )
    where bounds.range_wan_yuan > 0

),

-- w weight, x turnover, y headcount, p productivity, u position of x between the bounds
positions as{{ not_materialized() }} (

    select
        own.group_number,
        cast(accepted.survey_weight as double) as w,
        cast(accepted.turnover_wan_yuan as double) as x,
        cast(accepted.turnover_wan_yuan as double) / accepted.headcount as p,
        {{ 'accepted.stratum, accepted.unit_id, accepted.population_size,' if is_designed }}
        cast(accepted.turnover_wan_yuan - own.lowest_wan_yuan as double)
        / own.range_wan_yuan as u
    from accepted
    inner join groups_of_industries as own
        on
            accepted.platform_id = own.platform_id
            and accepted.sample_id = own.sample_id
            and accepted.industry_code = own.industry_code

),

powers as (

    select
        group_number,
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
    group by group_number

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
        {{ 'positions.stratum, positions.unit_id, positions.population_size,' if is_designed }}
        curves.a0 as q0,
        curves.a1 * (positions.u - curves.m) as q1,
        curves.a2 * (
            positions.u * positions.u - curves.k * (positions.u - curves.m) - curves.r
        ) as q2
    from positions
    inner join curves
        on positions.group_number = curves.group_number

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

squares as{{ not_materialized() }} (

    select
        *,
        w * w * (e * e) as g,
        -- a curve through the merchant for any headcount has no HC3
        case when 1 - h >= 1e-8 then w * w * (e * e) / ((1 - h) * (1 - h)) end as g3
    from residuals

),

scores as (

    select
        group_number,
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
        cast(sum(is_outside) as bigint) as merchants_outside_domain,
        sum(case when is_outside = 1 then w * x else 0 end) / sum(w * x)
            as turnover_share_outside_domain
    from squares
    group by group_number

),

{% if is_designed %}
-- the influences of the merchants of each unit that was drawn, added up: on c0 to c2 and
-- on the mean position
units as (

    select
        group_number,
        stratum,
        unit_id,
        max(population_size) as population_size,
        {%- for j in range(3) %}
        sum(w * e * q{{ j }}) as u{{ j }},
        {%- endfor %}
        sum(z) as u3
    from squares
    where stratum is not null
    group by group_number, stratum, unit_id

),

strata as (

    select
        bounds.platform_id,
        bounds.sample_id,
        units.stratum,
        cast(count(*) as double) as units,
        -- none was drawn of those that were all taken
        case
            when max(units.population_size) is null then 1
            when count(*) >= max(units.population_size) then 0
            else 1 - count(*) / max(units.population_size)
        end as not_drawn
    from units
    inner join bounds
        on units.group_number = bounds.group_number
    where bounds.industry_code = '-'
    group by bounds.platform_id, bounds.sample_id, units.stratum

),

designs as (

    select
        platform_id,
        sample_id,
        sum(units) as units,
        count(*) as strata
    from strata
    group by platform_id, sample_id

),

stratum_sums as (

    select
        group_number,
        stratum,
        {%- for j in range(4) %}
        sum(u{{ j }}) as u{{ j }},
        {%- endfor %}
        {%- for i, j in unit_pairs %}
        sum(u{{ i }} * u{{ j }}) as u{{ i }}{{ j }}{{ ',' if not loop.last }}
        {%- endfor %}
    from units
    group by group_number, stratum

),

-- a unit without merchants of an industry has sums of 0 there
deviations as (

    select
        bounds.group_number,
        strata.units,
        strata.not_drawn,
        {%- for j in range(4) %}
        coalesce(stratum_sums.u{{ j }}, 0) as u{{ j }},
        sum(coalesce(stratum_sums.u{{ j }}, 0)) over (
            partition by bounds.group_number
        ) / designs.units as mean{{ j }},
        {%- endfor %}
        {%- for i, j in unit_pairs %}
        coalesce(stratum_sums.u{{ i }}{{ j }}, 0) as u{{ i }}{{ j }}{{ ',' if not loop.last }}
        {%- endfor %}
    from bounds
    inner join strata
        on
            bounds.platform_id = strata.platform_id
            and bounds.sample_id = strata.sample_id
    inner join designs
        on
            bounds.platform_id = designs.platform_id
            and bounds.sample_id = designs.sample_id
    left join stratum_sums
        on
            bounds.group_number = stratum_sums.group_number
            and strata.stratum = stratum_sums.stratum

),

-- about the mean of the stratum; the one unit of a stratum about the one of all units
design_sums as (

    select
        group_number,
        {%- for i, j in unit_pairs %}
        sum(not_drawn * case
            when units > 1
                then units / (units - 1)
                    * (u{{ i }}{{ j }} - u{{ i }} * u{{ j }} / units)
            else (u{{ i }} - mean{{ i }}) * (u{{ j }} - mean{{ j }})
        end) as v{{ i }}{{ j }}{{ ',' if not loop.last }}
        {%- endfor %}
    from deviations
    group by group_number

),
{% endif %}

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
        scores.turnover_share_outside_domain,
        {% for i, j in unit_pairs %}
            {{ 'design_sums.v%d%d' % (i, j) if is_designed
                else 'cast(null as %s) as v%d%d' % (dbt.type_float(), i, j) }},
        {% endfor %}
        {{ 'designs.units' if is_designed else 'cast(null as %s)' % dbt.type_float() }}
            as design_units,
        {{ 'designs.strata' if is_designed else 'cast(null as %s)' % dbt.type_bigint() }}
            as design_strata
    from bounds
    left join curves
        on bounds.group_number = curves.group_number
    left join scores
        on bounds.group_number = scores.group_number
    {% if is_designed %}
        left join design_sums
            on bounds.group_number = design_sums.group_number
        left join designs
            on
                bounds.platform_id = designs.platform_id
                and bounds.sample_id = designs.sample_id
    {% endif %}

)

select * from final
{% endif %}

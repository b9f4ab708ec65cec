-- All that the fit of equation 2.1 needs of a merchant sample too large for memory:
-- three scans, for bounds, for sums of powers and for sums of residuals. Only + - * /,
-- sqrt, sum, min, max, count, case, join and row_number: any engine gives the same
-- numbers, up to the order in which it adds.
with accepted as (
    select
        merchants.platform_id,
        merchants.sample_id,
        merchants.industry_code,
        merchants.turnover_wan_yuan,
        merchants.headcount,
        merchants.survey_weight,
        case
            when coalesce(designs.stratum, designs.cluster_id) is not null
                then coalesce(designs.stratum, '')
            when designs.population_size is not null then ''
        end as stratum,
        coalesce(designs.cluster_id, merchants.merchant_id) as unit_id,
        cast(designs.population_size as double) as population_size
    from stg_survey__merchants as merchants
    left join stg_survey__merchant_designs as designs
        on
            merchants.platform_id = designs.platform_id
            and merchants.sample_id = designs.sample_id
            and merchants.merchant_id = designs.merchant_id
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
    from stg_survey__merchant_counts
    group by platform_id, sample_id
    having sum(merchants) > 0
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
        select
            platform_id,
            sample_id,
            industry_code as industry_code,
            sum(nobs) as nobs,
            min(lowest_wan_yuan) as lowest_wan_yuan,
            max(highest_wan_yuan) as highest_wan_yuan
        from industries
        group by platform_id, sample_id, industry_code
        union all
        select
            platform_id,
            sample_id,
            '-' as industry_code,
            sum(nobs) as nobs,
            min(lowest_wan_yuan) as lowest_wan_yuan,
            max(highest_wan_yuan) as highest_wan_yuan
        from industries
        group by platform_id, sample_id
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
positions as (
    select
        own.group_number,
        cast(accepted.survey_weight as double) as w,
        cast(accepted.turnover_wan_yuan as double) as x,
        cast(accepted.turnover_wan_yuan as double) / accepted.headcount as p,
        accepted.stratum, accepted.unit_id, accepted.population_size,
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
        positions.stratum, positions.unit_id, positions.population_size,
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
        group_number,
        -- what rounding left of the residuals in the curve: a step of refinement
            sum(w * e * q0) as d0,
            sum(z * (w * e * q0)) as z0,
            sum(w * (f_squared * q0)) as reset0,
            sum((e * e) * q0) as squares0,
            sum(w * e * q1) as d1,
            sum(z * (w * e * q1)) as z1,
            sum(w * (f_squared * q1)) as reset1,
            sum((e * e) * q1) as squares1,
            sum(w * e * q2) as d2,
            sum(z * (w * e * q2)) as z2,
            sum(w * (f_squared * q2)) as reset2,
            sum((e * e) * q2) as squares2,
            sum(g * (q0 * q0)) as g00,
            sum(g3 * (q0 * q0)) as g3_00,
            sum(g * (q0 * q1)) as g01,
            sum(g3 * (q0 * q1)) as g3_01,
            sum(g * (q0 * q2)) as g02,
            sum(g3 * (q0 * q2)) as g3_02,
            sum(g * (q1 * q1)) as g11,
            sum(g3 * (q1 * q1)) as g3_11,
            sum(g * (q1 * q2)) as g12,
            sum(g3 * (q1 * q2)) as g3_12,
            sum(g * (q2 * q2)) as g22,
            sum(g3 * (q2 * q2)) as g3_22,
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
-- the influences of the merchants of each unit that was drawn, added up: on c0 to c2 and
-- on the mean position
units as (
    select
        group_number,
        stratum,
        unit_id,
        max(population_size) as population_size,
        sum(w * e * q0) as u0,
        sum(w * e * q1) as u1,
        sum(w * e * q2) as u2,
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
        sum(u0) as u0,
        sum(u1) as u1,
        sum(u2) as u2,
        sum(u3) as u3,
        sum(u0 * u0) as u00,
        sum(u0 * u1) as u01,
        sum(u0 * u2) as u02,
        sum(u1 * u1) as u11,
        sum(u1 * u2) as u12,
        sum(u2 * u2) as u22,
        sum(u0 * u3) as u03,
        sum(u1 * u3) as u13,
        sum(u2 * u3) as u23,
        sum(u3 * u3) as u33
    from units
    group by group_number, stratum
),
-- a unit without merchants of an industry has sums of 0 there
deviations as (
    select
        bounds.group_number,
        strata.units,
        strata.not_drawn,
        coalesce(stratum_sums.u0, 0) as u0,
        sum(coalesce(stratum_sums.u0, 0)) over (
            partition by bounds.group_number
        ) / designs.units as mean0,
        coalesce(stratum_sums.u1, 0) as u1,
        sum(coalesce(stratum_sums.u1, 0)) over (
            partition by bounds.group_number
        ) / designs.units as mean1,
        coalesce(stratum_sums.u2, 0) as u2,
        sum(coalesce(stratum_sums.u2, 0)) over (
            partition by bounds.group_number
        ) / designs.units as mean2,
        coalesce(stratum_sums.u3, 0) as u3,
        sum(coalesce(stratum_sums.u3, 0)) over (
            partition by bounds.group_number
        ) / designs.units as mean3,
        coalesce(stratum_sums.u00, 0) as u00,
        coalesce(stratum_sums.u01, 0) as u01,
        coalesce(stratum_sums.u02, 0) as u02,
        coalesce(stratum_sums.u11, 0) as u11,
        coalesce(stratum_sums.u12, 0) as u12,
        coalesce(stratum_sums.u22, 0) as u22,
        coalesce(stratum_sums.u03, 0) as u03,
        coalesce(stratum_sums.u13, 0) as u13,
        coalesce(stratum_sums.u23, 0) as u23,
        coalesce(stratum_sums.u33, 0) as u33
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
        sum(not_drawn * case
            when units > 1
                then units / (units - 1)
                    * (u00 - u0 * u0 / units)
            else (u0 - mean0) * (u0 - mean0)
        end) as v00,
        sum(not_drawn * case
            when units > 1
                then units / (units - 1)
                    * (u01 - u0 * u1 / units)
            else (u0 - mean0) * (u1 - mean1)
        end) as v01,
        sum(not_drawn * case
            when units > 1
                then units / (units - 1)
                    * (u02 - u0 * u2 / units)
            else (u0 - mean0) * (u2 - mean2)
        end) as v02,
        sum(not_drawn * case
            when units > 1
                then units / (units - 1)
                    * (u11 - u1 * u1 / units)
            else (u1 - mean1) * (u1 - mean1)
        end) as v11,
        sum(not_drawn * case
            when units > 1
                then units / (units - 1)
                    * (u12 - u1 * u2 / units)
            else (u1 - mean1) * (u2 - mean2)
        end) as v12,
        sum(not_drawn * case
            when units > 1
                then units / (units - 1)
                    * (u22 - u2 * u2 / units)
            else (u2 - mean2) * (u2 - mean2)
        end) as v22,
        sum(not_drawn * case
            when units > 1
                then units / (units - 1)
                    * (u03 - u0 * u3 / units)
            else (u0 - mean0) * (u3 - mean3)
        end) as v03,
        sum(not_drawn * case
            when units > 1
                then units / (units - 1)
                    * (u13 - u1 * u3 / units)
            else (u1 - mean1) * (u3 - mean3)
        end) as v13,
        sum(not_drawn * case
            when units > 1
                then units / (units - 1)
                    * (u23 - u2 * u3 / units)
            else (u2 - mean2) * (u3 - mean3)
        end) as v23,
        sum(not_drawn * case
            when units > 1
                then units / (units - 1)
                    * (u33 - u3 * u3 / units)
            else (u3 - mean3) * (u3 - mean3)
        end) as v33
    from deviations
    group by group_number
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
            curves.s0,
            curves.p0,
            curves.pp,
            curves.lowest_weight,
            curves.highest_weight,
            curves.m,
            curves.r,
            curves.k,
            curves.a0,
            curves.a1,
            curves.a2,
            curves.c0,
            curves.c1,
            curves.c2,
            scores.d0,
            scores.z0,
            scores.reset0,
            scores.squares0,
            scores.d1,
            scores.z1,
            scores.reset1,
            scores.squares1,
            scores.d2,
            scores.z2,
            scores.reset2,
            scores.squares2,
            scores.g00,
            scores.g3_00,
            scores.g01,
            scores.g3_01,
            scores.g02,
            scores.g3_02,
            scores.g11,
            scores.g3_11,
            scores.g12,
            scores.g3_12,
            scores.g22,
            scores.g3_22,
        scores.rss,
        scores.largest_leverage,
        scores.zz,
        scores.squares_squared,
        scores.reset_squared,
        scores.reset_residual,
        scores.merchants_outside_domain,
        scores.turnover_share_outside_domain,
            design_sums.v00,
            design_sums.v01,
            design_sums.v02,
            design_sums.v11,
            design_sums.v12,
            design_sums.v22,
            design_sums.v03,
            design_sums.v13,
            design_sums.v23,
            design_sums.v33,
        designs.units
            as design_units,
        designs.strata
            as design_strata
    from bounds
    left join curves
        on bounds.group_number = curves.group_number
    left join scores
        on bounds.group_number = scores.group_number
        left join design_sums
            on bounds.group_number = design_sums.group_number
        left join designs
            on
                bounds.platform_id = designs.platform_id
                and bounds.sample_id = designs.sample_id
)
select * from final

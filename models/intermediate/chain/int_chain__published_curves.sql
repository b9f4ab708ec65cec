-- Equation 2.1 as published with its GMV and jobs, by the window that uses it: the
-- latest by its end, before the first one the first. The mean turnover that they imply
-- is a step of the method; here it is held, for a fitted curve that is read at it:
--     m = 2 (p - b0) / (b1 + sqrt(b1^2 + 4 b2 (p - b0))),  p = GMV / jobs.
with windows as (

    select * from {{ ref('int_chain__windows') }}

),

published as (

    select * from {{ ref('stg_platform__published_coefficients') }}

),

trailing_gmv as (

    select * from {{ ref('int_gmv__trailing_four_quarters') }}

),

named as (

    select distinct
        platform_id,
        window_end
    from windows

),

curves as (

    select
        published.*,
        trailing_gmv.gmv_yi_yuan,
        trailing_gmv.half_width_yi_yuan,
        trailing_gmv.provenance as gmv_provenance,
        trailing_gmv.formula as gmv_formula,
        cast(published.intercept as double) as b0,
        cast(published.turnover as double) as b1,
        cast(published.turnover_squared as double) as b2,
        cast(trailing_gmv.gmv_yi_yuan as double)
        / cast(published.merchant_jobs_wan as double) as p
    from published
    left join trailing_gmv
        on
            published.platform_id = trailing_gmv.platform_id
            and published.window_end = trailing_gmv.window_end

),

ranked as (

    select
        curves.*,
        named.window_end as user_window_end,
        row_number() over (
            partition by named.platform_id, named.window_end
            order by
                curves.window_end > named.window_end,
                abs({{ dbt.datediff('curves.window_end', 'named.window_end', 'day') }})
        ) as preference
    from named
    inner join curves
        on named.platform_id = curves.platform_id

),

final as (

    select
        platform_id,
        user_window_end as window_end,
        window_end as reference_window_end,
        intercept,
        turnover,
        turnover_squared,
        intercept_half_width,
        turnover_half_width,
        turnover_squared_half_width,
        merchant_jobs_wan,
        merchant_jobs_half_width,
        gmv_yi_yuan,
        half_width_yi_yuan,
        gmv_provenance,
        gmv_formula,
        cast(
            2 * (p - b0) / (b1 + sqrt(b1 * b1 + 4 * b2 * (p - b0))) as decimal(18, 6)
        ) as implied_turnover_wan_yuan,
        provenance,
        source_id,
        seed,
        seed_line
    from ranked
    where preference = 1

)

select * from final

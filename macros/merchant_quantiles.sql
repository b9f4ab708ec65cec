{#- The quantiles of each merchant sample, from its histogram: true to 0.6 percent.

    histograms  relation like int_survey__histograms
    bands       relation with the measures (turnover, headcount, productivity) and quantiles that
                are asked for -#}
{% macro merchant_quantiles(histograms, bands) -%}
    select
        cumulated.platform_id,
        cumulated.sample_id,
        cumulated.measure,
        bands.quantile,
        cumulated.merchants,
        cast(
            power(10, (min(cumulated.step) + 0.5) / 200) as decimal(18, 4)
        ) as value
    from (
        select
            platform_id,
            sample_id,
            measure,
            step,
            cast(
                sum(merchants) over (
                    partition by platform_id, sample_id, measure order by step
                ) as bigint
            ) as merchants_up_to_step,
            cast(
                sum(merchants) over (partition by platform_id, sample_id, measure)
                as bigint
            ) as merchants
        from {{ histograms }}
    ) as cumulated
    inner join {{ bands }} as bands
        on
            cumulated.measure = bands.measure
            and cumulated.merchants_up_to_step
            >= bands.quantile * cumulated.merchants
    group by
        cumulated.platform_id,
        cumulated.sample_id,
        cumulated.measure,
        bands.quantile,
        cumulated.merchants
{%- endmacro %}

{#- The quantiles of each merchant sample, from a histogram on a logarithmic scale, 200 steps
    to a power of ten: true to 0.6 percent, in memory that does not grow with the sample.

    relation   table or view of merchants
    bands      relation with the measures (turnover, headcount, productivity) and quantiles that
               are asked for -#}
{% macro merchant_quantiles(relation, bands) -%}
    {%- set measures = {
        'turnover': 'cast(turnover_wan_yuan as double)',
        'headcount': 'cast(headcount as double)',
        'productivity': 'cast(turnover_wan_yuan as double) / headcount',
    } -%}
    with histograms as (

        {% for measure, value in measures.items() %}
        select
            platform_id,
            sample_id,
            '{{ measure }}' as measure,
            step,
            middle,
            merchants
        from ({{ merchant_histogram(relation, value) }}) as histogram
        {{ 'union all' if not loop.last }}
        {% endfor %}

    ),

    cumulated as (

        select
            platform_id,
            sample_id,
            measure,
            middle,
            cast(
                sum(merchants) over (
                    partition by platform_id, sample_id, measure order by step
                ) as bigint
            ) as merchants_up_to_step,
            cast(
                sum(merchants) over (partition by platform_id, sample_id, measure)
                as bigint
            ) as merchants
        from histograms

    )

    select
        cumulated.platform_id,
        cumulated.sample_id,
        cumulated.measure,
        bands.quantile,
        cumulated.merchants,
        min(cumulated.middle) as value
    from cumulated
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

{#- The quantiles in aud_distribution_checks of the release before, no row if that release is not named. -#}
{% macro previous_quantiles() %}
    select
        cast(platform_id as varchar) as platform_id,
        cast(sample_id as varchar) as sample_id,
        cast(measure as varchar) as measure,
        cast(quantile as decimal(3, 2)) as quantile,
        cast(merchants as bigint) as merchants,
        cast(value as decimal(18, 4)) as value
    {% if from_plugin('previous_checks', '') -%}
    from read_parquet(previous_checks(), hive_partitioning = false)
    {%- else -%}
    from (
        select
            null as platform_id,
            null as sample_id,
            null as measure,
            null as quantile,
            null as merchants,
            null as value
    ) as none_named
    where 1 = 0
    {%- endif %}
{% endmacro %}

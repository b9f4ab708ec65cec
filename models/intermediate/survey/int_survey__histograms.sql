-- noqa: disable=LT02
-- How many merchants of each sample have a value in which step of a logarithmic scale, 200
-- steps to a power of ten: quantiles true to 0.6 percent, in memory that does not grow
-- with the sample.
{{ written_to_sums_folder() }}
{%- set measures = {
    'turnover': 'cast(turnover_wan_yuan as double)',
    'headcount': 'cast(headcount as double)',
    'productivity': 'cast(turnover_wan_yuan as double) / headcount',
} %}
{% if is_from_sums() %}
{{ sums_folder('int_survey__histograms', {
    'platform_id': 'varchar', 'sample_id': 'varchar', 'measure': 'varchar',
    'step': 'bigint', 'merchants': 'bigint',
}, has_doubles=false) }}
{% else %}
with merchants as (

    select * from {{ ref('stg_survey__merchants') }}

),

final as (

    {% for measure, value in measures.items() %}
        select
            platform_id,
            sample_id,
            '{{ measure }}' as measure,
            step,
            count(*) as merchants
        from (
            select
                platform_id,
                sample_id,
                cast(floor(200 * log10({{ value }})) as bigint) as step
            from merchants
        ) as steps
        group by platform_id, sample_id, step
        {{ 'union all' if not loop.last }}
    {% endfor %}

)

select * from final
{% endif %}

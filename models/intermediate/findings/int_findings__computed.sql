-- What the rules say of each report.
{% set topics = [
    'claims', 'curve', 'curve_inputs', 'estimators', 'multipliers',
    'national_employment', 'other_reports', 'parts', 'printed', 'scenarios',
] %}

with computed as (

    {% for topic in topics %}
        select * from {{ ref('int_findings__' ~ topic) }}
        {{ 'union all' if not loop.last }}
    {% endfor %}

),

final as (

    select
        report_id,
        rule,
        subject,
        cast(value as double) as value,
        number_1,
        number_2,
        number_3,
        weakest_provenance,
        about
    from computed

)

select * from final

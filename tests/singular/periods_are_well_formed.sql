with gmv_disclosures as (

    select
        'gmv_disclosures ' || disclosure_id as row_name,
        period_start,
        period_end
    from {{ ref('stg_platform__gmv_disclosures') }}

),

yearly_inputs as (

    {% for dataset in ['creators_with_income', 'creator_tiers', 'institutions'] %}
        select distinct
            '{{ dataset }} ' || platform_id || ' ' || period_start as row_name,
            period_start,
            period_end
        from {{ ref('stg_platform__' ~ dataset) }}
        {{ 'union all' if not loop.last }}
    {% endfor %}

),

problems as (

    select row_name || ': ends before it starts' as problem
    from gmv_disclosures
    where period_end <= period_start

    union all

    select row_name || ': ends before it starts' as problem
    from yearly_inputs
    where period_end <= period_start

    union all

    select row_name || ': not a whole number of quarters' as problem
    from gmv_disclosures
    where
        period_start != {{ dbt.date_trunc('quarter', 'period_start') }}
        or {{ add_to_date('day', 1, 'period_end') }}
        != {{ dbt.date_trunc('quarter', add_to_date('day', 1, 'period_end')) }}

    union all

    -- windows find a period by its first day
    select row_name || ': rows of one period end on different days' as problem
    from yearly_inputs
    group by row_name
    having count(*) > 1

)

{{ stop_if_any('problems') }}

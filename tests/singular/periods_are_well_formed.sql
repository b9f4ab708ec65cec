with gmv_disclosures as (

    select
        platform_id,
        disclosure_id,
        'gmv_disclosures ' || disclosure_id as row_name,
        period_start,
        period_end,
        superseded_by,
        seed,
        seed_line
    from {{ ref('stg_platform__gmv_disclosures') }}

),

yearly_inputs as (

    {% for dataset in ['creators_with_income', 'creator_tiers', 'institutions'] %}
        select
            '{{ dataset }} ' || platform_id || ' ' || period_start as row_name,
            period_start,
            period_end,
            min(seed) as seed,
            min(seed_line) as seed_line
        from {{ ref('stg_platform__' ~ dataset) }}
        group by platform_id, period_start, period_end
        {{ 'union all' if not loop.last }}
    {% endfor %}

),

problems as (

    select
        seed,
        seed_line,
        period_end as value,
        row_name || ': not a whole number of quarters' as problem
    from gmv_disclosures
    where
        period_start != {{ dbt.date_trunc('quarter', 'period_start') }}
        or {{ add_to_date('day', 1, 'period_end') }}
        != {{ dbt.date_trunc('quarter', add_to_date('day', 1, 'period_end')) }}

    union all

    -- windows find a period by its first day
    select
        min(seed) as seed,
        max(seed_line) as seed_line,
        max(period_end) as value,
        row_name || ': rows of one period end on different days' as problem
    from yearly_inputs
    group by row_name
    having count(*) > 1

    union all

    select
        old.seed,
        old.seed_line,
        old.period_end as value,
        old.row_name || ': superseded by ' || old.superseded_by
        || ', which is of another period' as problem
    from gmv_disclosures as old
    inner join gmv_disclosures as restating
        on
            old.platform_id = restating.platform_id
            and old.superseded_by = restating.disclosure_id
    where
        old.period_start != restating.period_start
        or old.period_end != restating.period_end

    union all

    select
        min(seed) as seed,
        max(seed_line) as seed_line,
        max(period_end) as value,
        max(row_name) || ': all disclosures of its period supersede each other'
            as problem
    from gmv_disclosures
    group by platform_id, period_start, period_end
    having count(*) = count(superseded_by)

)

select * from problems

-- The rows of the seeds state which period a value is of; the flags must say the same.
with dated_rows as (

    {% for table in [
        'input_values', 'creators_with_income', 'creator_tiers', 'institutions',
    ] %}
        select
            seed,
            seed_line,
            period_end
        from {{ ref('stg_platform__' ~ table) }}
        where period_end is not null
        {{ 'union all' if not loop.last }}
    {% endfor %}

    union all

    select distinct
        seed,
        seed_line,
        reference_window_end as period_end
    from {{ ref('int_chain__published_curves') }}
    where seed is not null

),

inputs as (

    select * from {{ ref('aud_inputs') }}

),

carried as (

    select
        inputs.*,
        dated_rows.period_end
    from inputs
    inner join dated_rows
        on
            inputs.seed = dated_rows.seed
            and inputs.seed_line = dated_rows.seed_line
    where dated_rows.period_end < inputs.window_end

),

unflagged as (

    select
        seed,
        seed_line,
        estimate_key || ' ' || input_name as value,
        'the value is of the period to ' || period_end
        || ' and is not flagged as carried' as problem
    from carried
    where
        not is_carried_forward
        or is_of_window
        or carried_since is distinct from period_end

),

-- an estimate that reads a carried input
unmarked_estimates as (

    select distinct
        cast(null as varchar) as seed,
        cast(null as bigint) as seed_line,
        estimates.estimate_key as value,
        'an input is carried and the estimate does not show it' as problem
    from carried
    inner join {{ ref('fct_steps') }} as steps
        on
            carried.estimate_key = steps.estimate_key
            and carried.input_name = steps.step_id
            and steps.is_input
    inner join {{ ref('fct_estimates') }} as estimates
        on carried.estimate_key = estimates.estimate_key
    where
        not estimates.is_extrapolated
        or estimates.carried_since is null
        or not {{ is_listed('carried.input_name', 'estimates.carried_inputs') }}

),

-- a part that depends on a carried input: on pages and in charts it states since when
unmarked_parts as (

    select distinct
        cast(null as varchar) as seed,
        cast(null as bigint) as seed_line,
        parts.estimate_key || ' ' || parts.component_id as value,
        'an input is carried since ' || carried.period_end || ' and the part does not show it'
            as problem
    from carried
    inner join {{ ref('fct_steps') }} as steps
        on
            carried.estimate_key = steps.estimate_key
            and {{ is_listed('carried.input_name', "replace(steps.rests_on, ',', '')") }}
    inner join {{ ref('fct_all_jobs') }} as parts
        on
            steps.estimate_key = parts.estimate_key
            and steps.component_id = parts.component_id
    where coalesce(parts.carried_since > carried.period_end, true)

),

final as (

    select * from unflagged
    union all
    select * from unmarked_estimates
    union all
    select * from unmarked_parts

)

select * from final

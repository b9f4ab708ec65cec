-- All that the chain reads. What is given as a value takes the place of what another
-- table makes of its rows. A scenario at one end of the assumptions takes that end and
-- does not vary them; a value of another window is frozen, an assumption, unless it was
-- made up.
{%- set topics = ['dated', 'fitted', 'gmv', 'input_output', 'published'] %}
with windows as (

    select * from {{ ref('int_chain__windows') }}

),

scenarios as (

    select * from {{ ref('dim_scenarios') }}

),

inputs as (

    {% for topic in topics %}
        select
            platform_id,
            window_end,
            scenario_id,
            input_name,
            element_id,
            low,
            central,
            high,
            distribution,
            uncertainty_kind,
            stream,
            is_of_window,
            is_carried_forward,
            provenance,
            source_id,
            seed,
            seed_line,
            reference,
            {{ loop.index }} as topic_order
        from {{ ref('int_chain__' ~ topic ~ '_inputs') }}
        {{ 'union all' if not loop.last }}
    {% endfor %}

),

ranked as (

    select
        *,
        dense_rank() over (
            partition by platform_id, window_end, scenario_id, input_name
            order by topic_order
        ) as preference
    from inputs

),

levels as (

    select
        inputs.*,
        windows.method_id,
        case
            when inputs.uncertainty_kind = 'assumption'
                then scenarios.assumption_level
        end as assumption_level,
        inputs.low < inputs.high and not (
            inputs.uncertainty_kind = 'assumption'
            and coalesce(scenarios.assumption_level, 'central') != 'central'
        ) as is_varied
    from ranked as inputs
    inner join windows
        on
            inputs.platform_id = windows.platform_id
            and inputs.window_end = windows.window_end
            and inputs.scenario_id = windows.scenario_id
    inner join scenarios
        on
            inputs.platform_id = scenarios.platform_id
            and inputs.scenario_id = scenarios.scenario_id
    where inputs.preference = 1

),

final as (

    select
        platform_id,
        window_end,
        scenario_id,
        method_id,
        input_name,
        element_id,
        case when is_varied then low end as low,
        case assumption_level
            when 'low' then low
            when 'high' then high
            else central
        end as central,
        case when is_varied then high end as high,
        distribution,
        uncertainty_kind,
        stream,
        is_of_window,
        is_carried_forward,
        case
            when is_of_window or provenance = 'synthetic' then provenance
            else 'assumed'
        end as provenance,
        source_id,
        seed,
        seed_line,
        reference
    from levels

)

select * from final

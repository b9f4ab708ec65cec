-- All that the chain reads: of what the topics offer, the values that go with the
-- choices of a scenario. What is given as a value takes the place of what another table
-- makes of its rows. An option may put an end of the range or a number in place of the
-- central value, which is then held. A value of another window is frozen, an
-- assumption, unless it was made up.
{%- set topics = ['dated', 'fitted', 'input_output', 'published'] %}
{%- set columns = [
    'input_name', 'element_id', 'low', 'central', 'high', 'distribution',
    'uncertainty_kind', 'stream', 'is_of_window', 'is_carried_forward', 'provenance',
    'source_id', 'seed', 'seed_line', 'reference',
] %}
{%- set keys = ['platform_id', 'window_end', 'scenario_id'] %}
{%- set of_a_fit = ['interval_method'] %}
with offered as (

    {% for topic in topics %}
        select
            {{ keys | join(',\n            ') }},
            {{ 'settings' if topic in ['fitted', 'input_output'] else 'null' }}
                as settings,
            {{ columns | join(',\n            ') }},
            {% for column_name in of_a_fit %}
                {{ column_name if topic == 'fitted' else 'null' }} as {{ column_name }},
            {% endfor %}
            {{ loop.index }} as topic_order
        from {{ ref('int_chain__' ~ topic ~ '_inputs') }}
        {{ 'union all' if not loop.last }}
    {% endfor %}

),

-- what is offered for every platform, window or scenario has none: equal keys, which a
-- hash finds
places as (

    select
        windows.{{ (keys + ['method_id']) | join(',\n        windows.') }},
        scenarios.choices,
        {% for key in keys %}
            case when of_{{ key }}.is_named then windows.{{ key }} end
                as named_{{ key }},
        {% endfor %}
        scenarios.settings
    from {{ ref('int_chain__windows') }} as windows
    inner join {{ ref('dim_scenarios') }} as scenarios
        on
            windows.platform_id = scenarios.platform_id
            and windows.scenario_id = scenarios.scenario_id
    {% for key in keys %}
        cross join (values (true), (false)) as of_{{ key }} (is_named)
    {% endfor %}

),

taken as (

    select
        places.{{ (keys + ['method_id', 'choices']) | join(',\n        places.') }},
        coalesce(
            {{ setting_of('places.settings', 'offered.input_name') }}, 'central'
        ) as chosen,
        offered.{{ (columns + of_a_fit) | join(',\n        offered.') }},
        -- without a high value it is not bounded
        offered.low < coalesce(offered.high, offered.low + 1) as has_width,
        dense_rank() over (
            partition by
                places.{{ keys | join(',\n                places.') }},
                -- a control total and the scale that it makes are one choice
                case
                    when known_inputs.role in ('control_total', 'scale') then 'scale'
                    else offered.input_name
                end
            order by
                known_inputs.role = 'scale',
                -- a window that a curve is of says that nothing is extrapolated
                case
                    when known_inputs.role = 'extrapolation' then -offered.topic_order
                    else offered.topic_order
                end
        ) as preference
    from places
    inner join offered
        on
            {{ has_settings('places.settings', 'offered.settings') }}
            {% for key in keys %}
                and places.named_{{ key }} is not distinct from offered.{{ key }}
            {% endfor %}
    left join {{ ref('dim_inputs') }} as known_inputs
        on offered.input_name = known_inputs.input_name
    where
        known_inputs.role is null
        or known_inputs.role != 'control_total'
        or {{ has_settings('places.settings', "'control_total=given'") }}

),

final as (

    select
        taken.{{ (keys + ['method_id']) | join(',\n        taken.') }},
        taken.input_name,
        taken.element_id,
        case when taken.chosen = 'central' and taken.has_width then taken.low end
            as low,
        case
            when setters.sets is not null then cast(taken.chosen as double)
            when taken.chosen = 'low' then taken.low
            when taken.chosen = 'high' then taken.high
            else taken.central
        end as central,
        case when taken.chosen = 'central' and taken.has_width then taken.high end
            as high,
        taken.distribution,
        taken.uncertainty_kind,
        taken.stream,
        taken.is_of_window or setters.sets is not null as is_of_window,
        taken.is_carried_forward and setters.sets is null as is_carried_forward,
        case
            when setters.sets is not null then setters.provenance
            when taken.is_of_window or taken.provenance = 'synthetic'
                then taken.provenance
            else 'assumed'
        end as provenance,
        coalesce(setters.source_id, taken.source_id) as source_id,
        coalesce(setters.seed, taken.seed) as seed,
        coalesce(setters.seed_line, taken.seed_line) as seed_line,
        {% for name in of_a_fit %}
            case when taken.chosen = 'central' then taken.{{ name }} end as {{ name }},
        {% endfor %}
        taken.reference
    from taken
    -- the option that sets a number
    left join {{ ref('dim_choices') }} as setters
        on
            taken.chosen not in ('low', 'central', 'high')
            and taken.method_id = setters.method_id
            and taken.platform_id = coalesce(setters.platform_id, taken.platform_id)
            -- no regular expression: each row would have one of its own
            and {{ is_listed(
                "setters.decision_id || '=' || setters.option_id", 'taken.choices'
            ) }}
            and {{ dbt.position(
                "' ' || taken.input_name || '='", "' ' || setters.sets"
            ) }} > 0
    where taken.preference = 1

)

select * from final

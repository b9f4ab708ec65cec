-- The value that a window takes of what is disclosed for periods, in tables of a shape
-- of their own and in the long one: one of its scenario before one of all scenarios,
-- one of its platform before one of all platforms, then the latest that ended by its
-- end or began by its middle. All elements of an input are of one period, so that a
-- tier which is gone stays gone.
{%- set tables = [
    ('stg_platform__creators_with_income', no_element(), 'wan',
     {'creators_with_income': 'creators_wan'}),
    ('stg_platform__creator_tiers', 'tier_id', none,
     {'tier_creators': 'creators_wan', 'team_share': 'team_share',
      'team_members': 'team_members'}),
    ('stg_platform__institutions', 'institution_type_id', none,
     {'organisations': 'organisations', 'average_staff': 'average_staff'}),
] %}
with dated_values as (

    select
        platform_id,
        scenario_id,
        period_start,
        period_end,
        input_name,
        element_id,
        cast(low as double) as low,
        cast(central as double) as central,
        cast(high as double) as high,
        distribution,
        uncertainty_kind,
        provenance,
        source_id,
        seed,
        seed_line
    from {{ ref('stg_platform__input_values') }}

    {% for relation, element, ends, columns in tables %}
        {% for input_name, column_name in columns.items() %}
            union all

            select
                platform_id,
                cast(null as {{ dbt.type_string() }}) as scenario_id,
                period_start,
                period_end,
                '{{ input_name }}' as input_name,
                {{ element }} as element_id,
                cast({{ 'low_' ~ ends if ends else 'null' }} as double) as low,
                cast({{ column_name }} as double) as central,
                cast({{ 'high_' ~ ends if ends else 'null' }} as double) as high,
                {% for what in ['uniform', 'open'] %}
                    {{ "case when low_" ~ ends ~ " is not null then '" ~ what ~ "' end"
                       if ends else 'null' }}
                        as {{ loop.cycle('distribution', 'uncertainty_kind') }},
                {% endfor %}
                provenance,
                source_id,
                seed,
                seed_line
            from {{ ref(relation) }}
        {% endfor %}
    {% endfor %}

),

ranked as (

    select
        windows.platform_id as window_platform_id,
        windows.window_end,
        windows.scenario_id as window_scenario_id,
        dated_values.*,
        dense_rank() over (
            partition by
                windows.platform_id,
                windows.window_end,
                windows.scenario_id,
                dated_values.input_name
            order by
                dated_values.scenario_id is null asc,
                dated_values.platform_id is null asc,
                dated_values.period_start desc nulls last,
                dated_values.period_end desc
        ) as preference
    from {{ ref('int_chain__windows') }} as windows
    inner join dated_values
        on
            windows.platform_id
            = coalesce(dated_values.platform_id, windows.platform_id)
            and windows.scenario_id
            = coalesce(dated_values.scenario_id, windows.scenario_id)
    inner join {{ ref('dim_inputs') }} as inputs
        on dated_values.input_name = inputs.input_name
    where
        dated_values.period_start is null
        or inputs.is_carried
        and (
            dated_values.period_end <= windows.window_end
            or 2 * {{ dbt.datediff(
                'dated_values.period_start', 'windows.window_end', 'day'
            ) }}
            >= {{ dbt.datediff('windows.window_start', 'windows.window_end', 'day') }}
        )
        or dated_values.period_start = windows.window_start
        and dated_values.period_end = windows.window_end

),

final as (

    select
        window_platform_id as platform_id,
        window_end,
        window_scenario_id as scenario_id,
        input_name,
        element_id,
        low,
        central,
        high,
        distribution,
        uncertainty_kind,
        -- a draw belongs to the value and not to the window
        rtrim(input_name || ' ' || element_id, ' -') as stream,
        coalesce(period_end >= window_end, true) as is_of_window,
        coalesce(period_end < window_end, false) as is_carried_forward,
        provenance,
        source_id,
        seed,
        seed_line,
        coalesce(cast(period_start as {{ dbt.type_string() }}), 'every window')
            as reference
    from ranked
    where preference = 1

)

select * from final

-- All that the chain reads. A scenario at one end of the assumptions takes that end and
-- does not vary them; a value of another window is frozen, an assumption, unless it was
-- made up.
{%- set topics = [
    'int_chain__dated_inputs',
    'int_chain__fitted_inputs',
    'int_chain__gmv_inputs',
    'int_chain__input_output_inputs',
    'int_chain__published_inputs',
] %}
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
            reference
        from {{ ref(topic) }}
        {{ 'union all' if not loop.last }}
    {% endfor %}

),

levels as (

    select
        inputs.*,
        windows.method_id,
        case
            when inputs.uncertainty_kind = 'assumption' and inputs.low < inputs.high
                then scenarios.assumption_level
        end as assumption_level
    from inputs
    inner join windows
        on
            inputs.platform_id = windows.platform_id
            and inputs.window_end = windows.window_end
            and inputs.scenario_id = windows.scenario_id
    inner join scenarios
        on
            inputs.platform_id = scenarios.platform_id
            and inputs.scenario_id = scenarios.scenario_id

),

final as (

    select
        platform_id,
        window_end,
        scenario_id,
        method_id,
        input_name,
        element_id,
        case
            when low < high and coalesce(assumption_level, 'central') = 'central'
                then low
        end as low,
        case assumption_level
            when 'low' then low
            when 'high' then high
            else central
        end as central,
        case
            when low < high and coalesce(assumption_level, 'central') = 'central'
                then high
        end as high,
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

with replayed as (

    select * from {{ ref('est_employment_intervals') }}

),

sampling_intervals as (

    select * from {{ ref('int_employment__sampling_intervals') }}

),

interval_inputs as (

    select * from {{ ref('int_employment__interval_inputs') }}

),

component_provenance as (

    select * from {{ ref('int_employment__component_provenance') }}

),

provenance_kinds as (

    select * from {{ ref('dim_provenance_kinds') }}

),

intervals as (

    select
        platform_id,
        cast(window_end as date) as window_end,
        scenario_id,
        component_id,
        interval_method,
        cast(conf_low as decimal(18, 4)) as conf_low,
        cast(conf_high as decimal(18, 4)) as conf_high
    from replayed

    union all

    select
        platform_id,
        window_end,
        scenario_id,
        component_id,
        interval_method,
        conf_low,
        conf_high
    from sampling_intervals

),

final as (

    select
        intervals.platform_id,
        intervals.window_end,
        intervals.scenario_id,
        intervals.component_id,
        intervals.interval_method,
        -- the rounding band is no probability
        cast(
            case when intervals.interval_method != 'rounding' then 0.95 end
            as decimal(4, 2)
        ) as confidence_level,
        cast(intervals.conf_low as decimal(18, 4)) as conf_low,
        cast(intervals.conf_high as decimal(18, 4)) as conf_high,
        interval_inputs.varied_inputs,
        provenance_kinds.provenance as weakest_provenance
    from intervals
    -- a component of which a method varies no input has no interval by it
    inner join interval_inputs
        on
            intervals.platform_id = interval_inputs.platform_id
            and intervals.window_end = interval_inputs.window_end
            and intervals.scenario_id = interval_inputs.scenario_id
            and intervals.component_id = interval_inputs.component_id
            and intervals.interval_method = interval_inputs.interval_method
    inner join component_provenance
        on
            intervals.platform_id = component_provenance.platform_id
            and intervals.window_end = component_provenance.window_end
            and intervals.scenario_id = component_provenance.scenario_id
            and intervals.component_id = component_provenance.component_id
    inner join provenance_kinds
        on
            provenance_kinds.provenance_rank = greatest(
                interval_inputs.weakest_provenance_rank,
                component_provenance.weakest_provenance_rank
            )

)

select * from final

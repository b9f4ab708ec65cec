-- Made after the intervals, whose test of productivity stops both.
-- depends_on: {{ ref('est_employment_intervals') }}
with uncertain_inputs as (

    select * from {{ ref('int_employment__uncertain_inputs') }}

),

input_labels as (

    select * from {{ ref('int_employment__input_labels') }}

),

sensitivity as (

    select * from {{ ref('est_employment_sensitivity') }}

),

totals as (

    select
        platform_id,
        cast(window_end as date) as window_end,
        scenario_id,
        input_name,
        cast(total_at_low_wan as decimal(18, 4)) as total_at_low_wan,
        cast(total_at_high_wan as decimal(18, 4)) as total_at_high_wan
    from sensitivity

),

final as (

    select
        totals.platform_id,
        totals.window_end,
        totals.scenario_id,
        totals.input_name,
        input_labels.name_zh,
        input_labels.name_en,
        input_labels.unit_zh,
        input_labels.unit_en,
        uncertain_inputs.low as input_low,
        uncertain_inputs.central as input_central,
        uncertain_inputs.high as input_high,
        uncertain_inputs.distribution,
        uncertain_inputs.uncertainty_kind,
        totals.total_at_low_wan,
        totals.total_at_high_wan,
        cast(
            abs(totals.total_at_high_wan - totals.total_at_low_wan) as decimal(18, 4)
        ) as swing_wan,
        row_number() over (
            partition by totals.platform_id, totals.window_end, totals.scenario_id
            order by
                abs(totals.total_at_high_wan - totals.total_at_low_wan) desc,
                totals.input_name
        ) as swing_rank,
        uncertain_inputs.provenance
    from totals
    inner join uncertain_inputs
        on
            totals.platform_id = uncertain_inputs.platform_id
            and totals.window_end = uncertain_inputs.window_end
            and totals.scenario_id = uncertain_inputs.scenario_id
            and totals.input_name = uncertain_inputs.input_name
    inner join input_labels
        on totals.input_name = input_labels.input_name

)

select * from final

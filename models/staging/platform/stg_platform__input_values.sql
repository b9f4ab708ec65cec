with source as (

    select * from {{ ref('input_values') }}

),

reports as (

    select * from {{ ref('reports') }}

),

known_inputs as (

    select * from {{ ref('inputs') }}

),

typed as (

    select
        source.*,
        {{ decimal_from_text('source.low', 28, 12) }} as typed_low,
        {{ decimal_from_text('source.central', 28, 12) }} as typed_central,
        {{ decimal_from_text('source.high', 28, 12) }} as typed_high,
        source.comparator in ('over', 'at_least') as is_lower_bound,
        source.comparator = 'up_to' as is_upper_bound,
        known_inputs.value_constraint in ('positive', 'not_negative', 'share') as has_zero
    from source
    left join known_inputs
        on source.input_name = known_inputs.input_name

),

final as (

    select
        platform_id,
        scenario_id,
        {{ date_from_text('period_start') }} as period_start,
        {{ date_from_text('period_end') }} as period_end,
        input_name,
        element_id,
        -- the other end of a bound is open, at 0 where the value cannot be negative
        case
            when is_lower_bound then coalesce(typed_low, typed_central)
            when is_upper_bound and has_zero then coalesce(typed_low, 0)
            else typed_low
        end as low,
        typed_central as central,
        case
            when is_upper_bound then coalesce(typed_high, typed_central)
            else typed_high
        end as high,
        coalesce(comparator, 'equal') as comparator,
        case
            when is_lower_bound or is_upper_bound then coalesce(distribution, 'uniform')
            else distribution
        end as distribution,
        case
            when is_lower_bound or is_upper_bound then coalesce(uncertainty_kind, 'open')
            else uncertainty_kind
        end as uncertainty_kind,
        unit,
        {{ provenance_of(['platform_id', 'scenario_id']) }} as provenance,
        source_id,
        rationale_zh,
        rationale_en,
        seed_file as seed,
        seed_line
    from typed

)

select * from final

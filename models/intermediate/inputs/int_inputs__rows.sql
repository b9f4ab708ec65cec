-- Every value that an input may have, with the options that it needs. A row applies where
-- all its options are taken; of an input, the rows of the highest priority count; a row
-- without any value takes the input away. Values from merchant samples are apart, in
-- int_inputs__fitted, so that nothing else waits for merchants.
--     0 of every platform          2 of a platform      4 of a scenario
--     1 computed from other tables 3 of options
with overlays as (

    select
        method_id,
        platform_id,
        cast(null as date) as window_end,
        options,
        3 as priority,
        input_name,
        element_id,
        cast(low as double) as low,
        cast(central as double) as central,
        cast(high as double) as high,
        distribution,
        uncertainty_kind,
        rtrim(input_name || ' ' || element_id, ' -') as stream,
        true as is_of_window,
        false as is_carried_forward,
        provenance,
        source_id,
        seed,
        seed_line,
        cast(null as varchar) as reference
    from {{ ref('stg_method__overlays') }}
    -- an option of coverage has a factor on a component
    where layer = 'choices'

),

rows_of_all as (

    select * from {{ ref('int_inputs__disclosed') }}
    union all by name
    select * from {{ ref('int_inputs__published') }}
    union all by name
    select * from {{ ref('int_inputs__input_output') }}
    union all by name
    select * from overlays

),

final as (

    select
        method_id,
        platform_id,
        window_end,
        options,
        priority,
        input_name,
        element_id,
        -- a range without width is no range
        case when low = high then null else low end as low,
        central,
        case when low = high then null else high end as high,
        distribution,
        uncertainty_kind,
        stream,
        is_of_window,
        is_carried_forward,
        period_end,
        -- a value of another period is an assumption
        case
            when is_of_window or provenance = 'synthetic' then provenance
            when provenance is not null then 'assumed'
        end as provenance,
        source_id,
        seed,
        seed_line,
        reference,
        cast(null as varchar) as interval_method
    from rows_of_all

)

select * from final

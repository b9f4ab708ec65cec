with source as (

    select * from {{ ref('input_output_flows') }}

),

final as (

    select
        table_id,
        origin,
        row_code,
        column_code,
        {{ decimal_from_text('value_yi_yuan', 20, 8) }} as value_yi_yuan,
        seed_file as seed,
        seed_line
    from source

)

select * from final

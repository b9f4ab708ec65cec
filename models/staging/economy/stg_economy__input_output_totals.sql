with source as (

    select * from {{ ref('input_output_totals') }}

),

final as (

    select
        {{ integer_from_text('table_year') }} as table_year,
        {{ integer_from_text('sectors') }} as sectors,
        origin,
        {{ decimal_from_text('intermediate_use_yi_yuan', 18, 4) }}
            as intermediate_use_yi_yuan,
        {{ decimal_from_text('final_use_yi_yuan', 18, 4) }} as final_use_yi_yuan,
        {{ decimal_from_text('exports_yi_yuan', 18, 4) }} as exports_yi_yuan,
        {{ decimal_from_text('imports_yi_yuan', 18, 4) }} as imports_yi_yuan,
        {{ decimal_from_text('value_added_yi_yuan', 18, 4) }} as value_added_yi_yuan,
        {{ decimal_from_text('gross_output_yi_yuan', 18, 4) }} as gross_output_yi_yuan,
        {{ decimal_from_text('statistical_error_yi_yuan', 18, 4) }}
            as statistical_error_yi_yuan,
        provenance,
        source_id,
        seed_file as seed,
        seed_line
    from source

)

select * from final

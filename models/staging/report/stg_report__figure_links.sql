with source as (

    select * from {{ ref('figure_links') }}

),

final as (

    select
        report_id,
        figure_id,
        model_name,
        row_key,
        column_name,
        basis,
        {{ integer_from_text('headline_order') }} as headline_order
    from source

)

select * from final

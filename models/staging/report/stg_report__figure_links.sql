with source as (

    select * from {{ ref('figure_links') }}

),

final as (

    select
        report_id,
        figure_id,
        relation,
        name,
        element_id,
        {{ integer_from_text('headline_order') }} as headline_order
    from source

)

select * from final

with source as (

    select * from {{ ref('accepted_verdicts') }}

),

final as (

    select
        figure_id,
        verdict
    from source

)

select * from final

with source as (

    select * from {{ ref('accepted_verdicts') }}

),

final as (

    select
        report_id,
        figure_id,
        verdict
    from source

)

select * from final

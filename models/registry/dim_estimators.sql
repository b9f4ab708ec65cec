with source as (

    select * from {{ ref('estimators') }}

),

final as (

    select
        estimator_id,
        {{ integer_from_text('sort_order') }} as sort_order,
        name_zh,
        name_en,
        assumption_zh,
        assumption_en,
        preferred_when_zh,
        preferred_when_en
    from source

)

select * from final

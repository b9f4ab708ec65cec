-- What is not known exactly in the content ecosystem: the factors with a range.
with assumptions as (

    select * from {{ ref('stg_reference__assumptions') }}

),

final as (

    select
        column_name || '_factor' as input_name,
        case dataset
            when 'creator_tiers' then 'creator_teams'
            when 'institutions' then 'institutions'
        end as component_id,
        cast(low as double) as low,
        cast(central as double) as central,
        cast(high as double) as high,
        'triangular' as distribution,
        'assumption' as uncertainty_kind,
        provenance
    from assumptions
    where low < high

)

select * from final

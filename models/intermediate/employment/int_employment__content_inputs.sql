-- What the components of the content ecosystem rest on in each window.
with input_periods as (

    select * from {{ ref('int_employment__input_periods') }}

),

creators as (

    select * from {{ ref('stg_platform__creators_with_income') }}

),

tiers as (

    select * from {{ ref('stg_platform__creator_tiers') }}

),

institutions as (

    select * from {{ ref('stg_platform__institutions') }}

),

datasets as (

    select
        'direct' as component_id,
        'creators_with_income' as dataset,
        platform_id,
        period_start,
        provenance
    from creators

    union

    select
        'creator_teams' as component_id,
        'creator_tiers' as dataset,
        platform_id,
        period_start,
        provenance
    from tiers

    union

    select
        'institutions' as component_id,
        'institutions' as dataset,
        platform_id,
        period_start,
        provenance
    from institutions

),

final as (

    -- carried forward, rows of several kinds of provenance become one assumed input
    select distinct
        input_periods.platform_id,
        input_periods.window_end,
        datasets.component_id,
        datasets.dataset as input_name,
        cast(input_periods.period_start as varchar) as input_reference,
        case
            -- what was made up stays so in every window
            when
                input_periods.is_carried_forward
                and datasets.provenance != 'synthetic'
                then 'assumed'
            else datasets.provenance
        end as provenance
    from input_periods
    inner join datasets
        on
            input_periods.platform_id = datasets.platform_id
            and input_periods.dataset = datasets.dataset
            and input_periods.period_start = datasets.period_start

)

select * from final

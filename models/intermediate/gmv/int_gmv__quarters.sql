-- The value of a quarter is the shortest signed chain of disclosures between its two
-- ends: the quarter itself, nine months less six, a year less its other quarters.
with recursive provenance_kinds as (

    select * from {{ ref('dim_provenance_kinds') }}

),

disclosures as (

    select
        disclosures.*,
        {{ add_to_date('day', 1, 'disclosures.period_end') }} as next_start,
        provenance_kinds.provenance_rank
    from {{ ref('stg_platform__gmv_disclosures') }} as disclosures
    inner join provenance_kinds
        on disclosures.provenance = provenance_kinds.provenance
    where disclosures.superseded_by is null

),

steps as (

    {{ signed_disclosures('disclosures', also=['provenance_rank']) }}

),

chains as (

    select
        platform_id,
        from_date as quarter_start,
        from_date,
        to_date,
        cast(signed_disclosure_id as varchar) as formula,
        1 as number_of_disclosures,
        gmv_yi_yuan,
        half_width_yi_yuan,
        provenance_rank
    from steps

    union all

    select
        chains.platform_id,
        chains.quarter_start,
        steps.from_date,
        steps.to_date,
        chains.formula || ' ' || steps.signed_disclosure_id as formula,
        chains.number_of_disclosures + 1 as number_of_disclosures,
        cast(chains.gmv_yi_yuan + steps.gmv_yi_yuan as decimal(18, 4)) as gmv_yi_yuan,
        cast(
            chains.half_width_yi_yuan + steps.half_width_yi_yuan as decimal(18, 4)
        ) as half_width_yi_yuan,
        greatest(chains.provenance_rank, steps.provenance_rank) as provenance_rank
    from chains
    inner join steps
        on
            chains.platform_id = steps.platform_id
            and chains.to_date = steps.from_date
    -- a year less its three other quarters is the longest useful chain
    where chains.number_of_disclosures < 4

),

quarters as (

    select
        *,
        row_number() over (
            partition by platform_id, quarter_start
            order by
                number_of_disclosures, half_width_yi_yuan, provenance_rank, formula
        ) as preference
    from chains
    where to_date = {{ add_to_date('month', 3, 'quarter_start') }}

),

final as (

    select
        quarters.platform_id,
        quarters.quarter_start,
        {{ add_to_date('day', -1, 'quarters.to_date') }} as quarter_end,
        quarters.gmv_yi_yuan,
        quarters.half_width_yi_yuan,
        quarters.number_of_disclosures,
        quarters.formula,
        case
            when quarters.number_of_disclosures = 1 then provenance_kinds.provenance
            when provenance_kinds.provenance_rank > 3 then provenance_kinds.provenance
            else 'derived'
        end as provenance
    from quarters
    inner join provenance_kinds
        on quarters.provenance_rank = provenance_kinds.provenance_rank
    where quarters.preference = 1

)

select * from final

-- What twelve months can be tiled with. A disclosed quarter is there already as its
-- disclosure, so only quarters computed from several are added.
with disclosures as (

    select * from {{ ref('stg_platform__gmv_disclosures') }}

),

quarters as (

    select * from {{ ref('int_gmv__quarters') }}

),

provenance_kinds as (

    select * from {{ ref('stg_reference__provenance_kinds') }}

),

periods as (

    select
        platform_id,
        period_start,
        period_end,
        '+' || disclosure_id as formula,
        gmv_yi_yuan,
        half_width_yi_yuan,
        provenance
    from disclosures

    union all

    select
        platform_id,
        quarter_start as period_start,
        quarter_end as period_end,
        '+(' || formula || ')' as formula,
        gmv_yi_yuan,
        half_width_yi_yuan,
        provenance
    from quarters
    where number_of_disclosures > 1

),

final as (

    select
        periods.platform_id,
        periods.period_start,
        {{ add_to_date('day', 1, 'periods.period_end') }} as next_start,
        periods.formula,
        periods.gmv_yi_yuan,
        periods.half_width_yi_yuan,
        provenance_kinds.provenance_rank
    from periods
    inner join provenance_kinds
        on periods.provenance = provenance_kinds.provenance

)

select * from final

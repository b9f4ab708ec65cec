-- A disclosure walked forwards is added, walked backwards subtracted.
with disclosures as (

    select * from {{ ref('stg_platform__gmv_disclosures') }}

),

provenance_kinds as (

    select * from {{ ref('stg_reference__provenance_kinds') }}

),

ranked_disclosures as (

    select
        disclosures.platform_id,
        disclosures.disclosure_id,
        disclosures.period_start,
        {{ add_to_date('day', 1, 'disclosures.period_end') }} as next_start,
        disclosures.gmv_yi_yuan,
        disclosures.half_width_yi_yuan,
        provenance_kinds.provenance_rank
    from disclosures
    inner join provenance_kinds
        on disclosures.provenance = provenance_kinds.provenance

),

final as (

    select
        platform_id,
        period_start as from_date,
        next_start as to_date,
        '+' || disclosure_id as signed_disclosure_id,
        gmv_yi_yuan,
        half_width_yi_yuan,
        provenance_rank
    from ranked_disclosures

    union all

    select
        platform_id,
        next_start as from_date,
        period_start as to_date,
        '-' || disclosure_id as signed_disclosure_id,
        -gmv_yi_yuan as gmv_yi_yuan,
        half_width_yi_yuan,
        provenance_rank
    from ranked_disclosures

)

select * from final

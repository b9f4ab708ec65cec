{#- Each GMV disclosure in force next to the shortest signed chains of other publishers in force that
    lead from its first day to its last: another one of the same period, nine months less
    six, a year less its other quarters. Below them each disclosure that is superseded,
    next to the one that restates it. -#}
{% macro gmv_reconciliations() -%}
with recursive disclosures as (

    select
        *,
        {{ add_to_date('day', 1, 'period_end') }} as next_start
    from {{ ref('stg_platform__gmv_disclosures') }}

),

in_force as (

    select * from disclosures
    where superseded_by is null

),

steps as (

    {{ signed_disclosures('in_force') }}

),

chains as (

    select
        in_force.platform_id,
        in_force.disclosure_id,
        in_force.next_start,
        steps.to_date,
        cast(steps.signed_disclosure_id as varchar) as formula,
        1 as number_of_disclosures,
        steps.gmv_yi_yuan,
        steps.half_width_yi_yuan
    from in_force
    inner join steps
        on
            in_force.platform_id = steps.platform_id
            and in_force.period_start = steps.from_date
            and in_force.disclosure_id != steps.disclosure_id

    union all

    select
        chains.platform_id,
        chains.disclosure_id,
        chains.next_start,
        steps.to_date,
        chains.formula || ' ' || steps.signed_disclosure_id as formula,
        chains.number_of_disclosures + 1 as number_of_disclosures,
        cast(chains.gmv_yi_yuan + steps.gmv_yi_yuan as decimal(18, 4)) as gmv_yi_yuan,
        cast(
            chains.half_width_yi_yuan + steps.half_width_yi_yuan as decimal(18, 4)
        ) as half_width_yi_yuan
    from chains
    inner join steps
        on
            chains.platform_id = steps.platform_id
            and chains.to_date = steps.from_date
            and chains.disclosure_id != steps.disclosure_id
    -- a year next to its four quarters
    where
        chains.number_of_disclosures < 4
        and chains.to_date != chains.next_start

),

ways as (

    select
        *,
        rank() over (
            partition by platform_id, disclosure_id
            order by number_of_disclosures
        ) as preference
    from chains
    where to_date = next_start

),

compared as (

    select
        platform_id,
        disclosure_id,
        formula,
        gmv_yi_yuan as formula_gmv_yi_yuan,
        half_width_yi_yuan as formula_half_width_yi_yuan
    from ways
    where preference = 1

    union all

    select
        disclosures.platform_id,
        disclosures.disclosure_id,
        '+' || disclosures.superseded_by as formula,
        restating.gmv_yi_yuan as formula_gmv_yi_yuan,
        restating.half_width_yi_yuan as formula_half_width_yi_yuan
    from disclosures
    inner join disclosures as restating
        on
            disclosures.platform_id = restating.platform_id
            and disclosures.superseded_by = restating.disclosure_id

)

select
    disclosures.platform_id,
    disclosures.disclosure_id,
    compared.formula,
    disclosures.period_start,
    disclosures.period_end,
    disclosures.gmv_yi_yuan,
    compared.formula_gmv_yi_yuan,
    compared.formula_gmv_yi_yuan - disclosures.gmv_yi_yuan as difference_yi_yuan,
    disclosures.half_width_yi_yuan + compared.formula_half_width_yi_yuan
        as tolerance_yi_yuan,
    abs(compared.formula_gmv_yi_yuan - disclosures.gmv_yi_yuan)
    <= disclosures.half_width_yi_yuan + compared.formula_half_width_yi_yuan
        as is_reconciled,
    disclosures.superseded_by is not null as is_superseded,
    disclosures.seed,
    disclosures.seed_line
from compared
inner join disclosures
    on
        compared.platform_id = disclosures.platform_id
        and compared.disclosure_id = disclosures.disclosure_id
{%- endmacro %}

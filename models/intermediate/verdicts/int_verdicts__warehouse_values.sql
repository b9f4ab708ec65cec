-- Every value of this build that a figure of a report can be set beside: inputs and
-- steps of its method, GMV disclosures of its platform, and classes of its employment
-- types.
with report_steps as (

    select * from {{ ref('int_verdicts__report_steps') }}

),

employment_classes as (

    select * from {{ ref('int_verdicts__employment_classes') }}

),

-- a share of all creators, when each kind of them has its own
mean_shares as (

    select
        shares.report_id,
        shares.step_id,
        sum(shares.value * creators.value) / sum(creators.value) as value,
        shares.unit,
        -- one table of one kind
        max(shares.weakest_provenance) as weakest_provenance
    from report_steps as shares
    inner join report_steps as creators
        on
            shares.report_id = creators.report_id
            and shares.element_id = creators.element_id
            and creators.is_input
            and creators.role = 'creators'
    where
        shares.is_input
        and shares.role = 'share'
        and shares.element_id != {{ no_element() }}
    group by shares.report_id, shares.step_id, shares.unit

),

final as (

    select
        report_id,
        case when role = 'disclosure' then 'disclosures' else 'steps' end as relation,
        step_id as name,
        element_id,
        value,
        unit,
        weakest_provenance
    from report_steps

    union all

    select
        report_id,
        'steps' as relation,
        step_id as name,
        {{ no_element() }} as element_id,
        cast(value as decimal(38, 10)) as value,
        unit,
        weakest_provenance
    from mean_shares

    union all

    select
        report_id,
        'classes' as relation,
        group_en as name,
        {{ no_element() }} as element_id,
        classes as value,
        'count' as unit,
        provenance as weakest_provenance
    from employment_classes

)

select * from final

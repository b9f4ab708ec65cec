-- The value of this build for each figure that is linked to one, in the unit of the
-- figure: an input or a step of its method, a GMV disclosure, or a number of classes.
with reports as (

    select * from {{ ref('dim_reports') }}

),

figures as (

    select * from {{ ref('stg_report__figure_ledger') }}
    -- a claim is for the findings
    where link_relation != 'claims'

),

report_steps as (

    select * from {{ ref('int_verification__report_steps') }}

),

employment_types as (

    select * from {{ ref('dim_employment_types') }}

),

units as (

    select * from {{ ref('dim_units') }}

),

known_values as (

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

    -- a share of all creators, when each kind of them has its own
    select
        shares.report_id,
        'steps' as relation,
        shares.step_id as name,
        '-' as element_id,
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
        and shares.element_id != '-'
    group by shares.report_id, shares.step_id, shares.unit

    union all

    -- the text says how many classes table 2.1 has, in each group and in all
    {% for name, keys in [
        ('group_en', 'report_id, group_en'), ("'all'", 'report_id'),
    ] %}
        select
            report_id,
            'classes' as relation,
            {{ name }} as name,
            '-' as element_id,
            count(distinct module_en) as value,
            'count' as unit,
            max(provenance) as weakest_provenance
        from employment_types
        group by {{ keys }}
        {{ 'union all' if not loop.last }}
    {% endfor %}

),

final as (

    select
        figures.report_id,
        figures.figure_id,
        figures.link_relation as relation,
        figures.link_name as name,
        figures.link_element_id as element_id,
        figures.headline_order,
        cast(
            case
                when own_units.scale = figure_units.scale then known_values.value
                else
                    cast(known_values.value as double)
                    * own_units.scale / figure_units.scale
            end as decimal(28, 10)
        ) as warehouse_value,
        known_values.weakest_provenance
    from figures
    inner join reports
        on figures.report_id = reports.report_id
    left join known_values
        on
            figures.report_id = known_values.report_id
            and figures.link_relation = known_values.relation
            and figures.link_name = known_values.name
            and figures.link_element_id = known_values.element_id
    left join units as own_units
        on known_values.unit = own_units.unit
    left join units as figure_units
        on figures.unit = figure_units.unit

)

select * from final

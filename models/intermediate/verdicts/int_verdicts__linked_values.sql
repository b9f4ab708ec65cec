-- The value of this build for each figure that is linked to one, in the unit of the
-- figure: an input or a step of its method, a GMV disclosure, or a number of classes.
with links as (

    select * from {{ ref('stg_report__figure_links') }}

),

reports as (

    select * from {{ ref('dim_reports') }}

),

figures as (

    select * from {{ ref('stg_report__figure_ledger') }}

),

report_steps as (

    select * from {{ ref('int_verdicts__report_steps') }}

),

employment_types as (

    select * from {{ ref('dim_employment_types') }}

),

outside_gmv as (

    select * from {{ ref('int_verdicts__outside_gmv') }}

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
        {{ no_element() }} as element_id,
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

    union all

    -- the text says how many classes table 2.1 has, in each group and in all
    {% for name, keys in [
        ('group_en', 'report_id, group_en'), ("'all'", 'report_id'),
    ] %}
        select
            report_id,
            'classes' as relation,
            {{ name }} as name,
            {{ no_element() }} as element_id,
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
        links.report_id,
        links.figure_id,
        links.relation,
        links.name,
        links.element_id,
        links.headline_order,
        cast(
            case
                when own_units.scale = figure_units.scale then known_values.value
                else
                    cast(known_values.value as double)
                    * own_units.scale / figure_units.scale
            end as decimal(28, 10)
        ) as warehouse_value,
        known_values.weakest_provenance,
        outside_gmv.outside_value,
        outside_gmv.outside_half_width
    from links
    inner join reports
        on links.report_id = reports.report_id
    left join figures
        on
            links.report_id = figures.report_id
            and links.figure_id = figures.figure_id
    left join known_values
        on
            links.report_id = known_values.report_id
            and links.relation = known_values.relation
            and links.name = known_values.name
            and links.element_id = known_values.element_id
    left join outside_gmv
        on
            links.report_id = outside_gmv.report_id
            and links.name = outside_gmv.disclosure_id
            and links.relation = 'disclosures'
    left join units as own_units
        on known_values.unit = own_units.unit
    left join units as figure_units
        on figures.unit = figure_units.unit
    -- a claim is for the findings
    where links.relation != 'claims'

)

select * from final

-- The value of this build for each figure that is linked to one, in the unit of the
-- figure.
with links as (

    select * from {{ ref('stg_report__figure_links') }}

),

reports as (

    select * from {{ ref('dim_reports') }}

),

figures as (

    select * from {{ ref('stg_report__figure_ledger') }}

),

warehouse_values as (

    select * from {{ ref('int_verdicts__warehouse_values') }}

),

units as (

    select * from {{ ref('dim_units') }}

),

final as (

    select
        links.report_id,
        links.figure_id,
        links.relation,
        links.name,
        links.element_id,
        links.basis,
        links.headline_order,
        cast(
            case
                when own_units.scale = figure_units.scale then warehouse_values.value
                else
                    cast(warehouse_values.value as double)
                    * own_units.scale / figure_units.scale
            end as decimal(28, 10)
        ) as warehouse_value,
        warehouse_values.weakest_provenance
    from links
    inner join reports
        on links.report_id = reports.report_id
    left join figures
        on
            links.report_id = figures.report_id
            and links.figure_id = figures.figure_id
    left join warehouse_values
        on
            links.report_id = warehouse_values.report_id
            and links.relation = warehouse_values.relation
            and links.name = warehouse_values.name
            and links.element_id = warehouse_values.element_id
    left join units as own_units
        on warehouse_values.unit = own_units.unit
    left join units as figure_units
        on figures.unit = figure_units.unit
    -- a claim is for the findings
    where links.basis != 'claimed'

)

select * from final

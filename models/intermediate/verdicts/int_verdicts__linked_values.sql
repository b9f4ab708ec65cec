-- The value of this build for each figure that is linked to one.
with links as (

    select * from {{ ref('stg_report__figure_links') }}

),

reports as (

    select * from {{ ref('dim_reports') }}

),

warehouse_values as (

    select * from {{ ref('int_verdicts__warehouse_values') }}

),

final as (

    select
        links.report_id,
        links.figure_id,
        links.model_name,
        links.row_key,
        links.column_name,
        links.basis,
        links.headline_order,
        warehouse_values.value as warehouse_value,
        warehouse_values.weakest_provenance
    from links
    inner join reports
        on links.report_id = reports.report_id
    left join warehouse_values
        on
            links.model_name = warehouse_values.model_name
            and links.row_key = warehouse_values.row_key
            and links.column_name = warehouse_values.column_name

)

select * from final

-- A published figure beside the value of this build, for the platforms that it has.
with figures as (

    select * from {{ ref('stg_report__figure_ledger') }}

),

links as (

    select * from {{ ref('stg_report__figure_links') }}

),

platforms as (

    select * from {{ ref('dim_platforms') }}

),

warehouse_values as (

    select * from {{ ref('int_report__warehouse_values') }}

),

final as (

    select
        links.figure_id,
        links.model_name,
        links.row_key,
        links.column_name,
        links.basis,
        links.headline_order,
        figures.value as published_value,
        warehouse_values.value as warehouse_value,
        cast(warehouse_values.value - figures.value as decimal(28, 10)) as difference,
        figures.rounding_half_width,
        abs(warehouse_values.value - figures.value) <= figures.rounding_half_width
            as is_reproduced,
        warehouse_values.weakest_provenance
    from links
    inner join platforms
        on links.platform_id = platforms.platform_id
    left join figures
        on links.figure_id = figures.figure_id
    left join warehouse_values
        on
            links.model_name = warehouse_values.model_name
            and links.row_key = warehouse_values.row_key
            and links.column_name = warehouse_values.column_name

)

select * from final

-- A CSV is read once. Without join and aggregate DuckDB keeps the order of the files:
-- the position of a row is its line.
{{ config(materialized='table') }}
{%- set are_cells_accepted = cell_rules(merchant_rules())
    if merchant_format() == 'csv' else 'false' %}

with lines as (

    {{ csv_lines() }}

)

select
    *,
    coalesce({{ are_cells_accepted }}, false) as are_cells_accepted
from lines

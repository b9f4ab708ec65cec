-- A CSV is read once. Without join and aggregate DuckDB keeps the order of the files:
-- the position of a row is its line.
{{ config(materialized='table') }}

with lines as (

    {{ csv_lines() }}

)

select * from lines

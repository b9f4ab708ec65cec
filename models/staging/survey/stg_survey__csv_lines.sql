-- A CSV is read once. Without join and aggregate DuckDB keeps the order of the files:
-- the position of a row is its line.
{{ config(materialized='table') }}

with lines as (

    {{ csv_lines() }}

)

select
    file_number,
    platform_id,
    sample_id,
    merchant_id,
    industry_code,
    turnover_wan_yuan,
    headcount,
    survey_weight,
    provenance,
    source_id
from lines

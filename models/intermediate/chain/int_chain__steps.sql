-- The steps of all estimates.
{{ config(materialized='view') }}
select * from {{ ref('est_steps') }} -- noqa: AM04
union all
select * from {{ ref('est_steps_on_samples') }}

-- The inputs of all estimates.
{{ config(materialized='view') }}
select * from {{ ref('int_chain__inputs') }} -- noqa: AM04
union all
select * from {{ ref('int_chain__inputs_on_samples') }}

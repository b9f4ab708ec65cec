-- Every value that an input may have, those from merchant samples among them.
{{ config(materialized='view') }}
select * from {{ ref('int_inputs__rows') }} -- noqa: AM04
union all by name
select * from {{ ref('int_inputs__fitted') }}

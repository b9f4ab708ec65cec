{{ config(materialized='view') }}
select * from {{ ref('fct_jobs') }}
union all
select * from {{ ref('fct_jobs_on_samples') }}

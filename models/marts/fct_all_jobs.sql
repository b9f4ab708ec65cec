select * from {{ ref('fct_jobs') }} -- noqa: AM04
union all
select * from {{ ref('fct_jobs_on_samples') }}

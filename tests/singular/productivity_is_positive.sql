-- Stops everything that is made from merchant jobs.
with merchant_jobs as (

    select * from {{ ref('int_merchants__jobs') }}

),

problems as (

    -- the same in every window
    select distinct
        {{ row_name(['platform_id', 'scenario_id']) }}
        || ': productivity by the ' || coefficient_source || ' coefficients at the '
        || mean_turnover_source || ' mean turnover of '
        || {{ rounded_number('mean_turnover_wan_yuan', 2) }} || ' wan_yuan is '
        || {{ rounded_number('productivity_wan_yuan_per_job', 2) }}
        || ' wan_yuan a job; take other coefficients or another mean turnover in the'
        || ' scenario' as problem
    from merchant_jobs
    where (productivity_wan_yuan_per_job > 0) is not true

)

{{ stop_if_any('problems') }}

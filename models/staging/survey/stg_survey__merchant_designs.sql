-- noqa: disable=LT02
{% if is_duckdb() %}
with source as (

    select * from {{ ref('merchant_designs') }}

),

final as (

    select
        platform_id,
        sample_id,
        merchant_id,
        stratum,
        cluster_id,
        {{ integer_from_text('population_size') }} as population_size,
        coalesce(is_censored = 'true', false) as is_censored
    from source

)

select * from final
{% else %}
select
    platform_id,
    sample_id,
    merchant_id,
    stratum,
    cluster_id,
    cast(population_size as bigint) as population_size,
    coalesce(is_censored, false) as is_censored
from {{ ledger('ledger_designs') }}
{% endif %}

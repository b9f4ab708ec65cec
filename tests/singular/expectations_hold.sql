-- Raises the messages of all failed expectations, so that `dbt build` prints them.
with results as (

    select * from {{ ref('aud_expectation_results') }}

),

failures as (

    select
        count(*) as number_of_results,
        count(case when not is_success then 1 end) as number_of_failures,
        {{ dbt.listagg(
            'case when not is_success then message end', "'; '", 'order by message'
        ) }} as messages
    from results

),

final as (

    select
        case
            when number_of_results = 0
                then {{ stop_with(
                    "'expectations evaluated: ' || number_of_results", 'bigint'
                ) }}
            when number_of_failures > 0
                then {{ stop_with(
                    "number_of_failures || ' expectations failed: ' || messages", 'bigint'
                ) }}
        end as failure
    from failures

)

select failure
from final
where failure is not null

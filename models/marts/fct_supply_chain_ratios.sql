-- Intermediate use over final use of China's tables, year by year, from each publisher. The
-- offices value the same year differently: neither number refutes the other.
with bureau as (

    select
        'bureau' as publisher_code,
        table_year,
        sectors,
        cast(intermediate_use_yi_yuan as double) as intermediate_use,
        cast(final_use_yi_yuan as double) as final_use,
        cast(value_added_yi_yuan as double) as value_added,
        cast(gross_output_yi_yuan as double) as gross_output,
        'yi_yuan' as unit,
        source_id
    from {{ ref('stg_economy__input_output_totals') }}
    where origin = 'total'

),

others as (

    select
        publisher_code,
        {{ integer_from_text('table_year') }} as table_year,
        {{ integer_from_text('sectors') }} as sectors,
        cast({{ decimal_from_text('intermediate_use', 18, 4) }} as double) as intermediate_use,
        cast({{ decimal_from_text('final_use', 18, 4) }} as double) as final_use,
        cast({{ decimal_from_text('value_added', 18, 4) }} as double) as value_added,
        cast({{ decimal_from_text('gross_output', 18, 4) }} as double) as gross_output,
        unit,
        source_id
    from {{ ref('second_publisher_totals') }}

),

both_publishers as (

    select * from bureau

    union all

    select * from others

),

final as (

    select
        both_publishers.publisher_code,
        sources.author as publisher,
        both_publishers.table_year,
        both_publishers.sectors,
        cast(both_publishers.intermediate_use as decimal(18, 4)) as intermediate_use,
        cast(both_publishers.final_use as decimal(18, 4)) as final_use,
        both_publishers.unit,
        cast(both_publishers.intermediate_use / both_publishers.final_use as decimal(12, 6))
            as supply_chain_ratio,
        cast(both_publishers.value_added / both_publishers.gross_output as decimal(12, 6))
            as value_added_over_output,
        count(*) over (partition by both_publishers.table_year) > 1 as has_two_publishers,
        both_publishers.source_id
    from both_publishers
    left join {{ ref('dim_sources') }} as sources
        on both_publishers.source_id = sources.source_id

)

select * from final

with source as (

    select * from {{ ref('benchmarks') }}

),

final as (

    select
        benchmark_id,
        {{ integer_from_text('sort_order') }} as sort_order,
        area,
        report_id,
        platforms,
        {{ integer_from_text('year') }} as year_of_report,
        name_zh,
        name_en,
        definition_zh,
        definition_en,
        {{ decimal_from_text('value', 18, 4) }} as value,
        comparator,
        unit,
        owner_kind,
        source_id
    from source

)

select * from final

with comparisons as (

    select * from {{ ref('int_outside__comparisons') }}

),

final as (

    select
        comparison_id,
        fact_ids,
        report_id,
        figure_id,
        step_id,
        element_id,
        relation,
        is_nested,
        formula,
        factor,
        equation_id,
        figure_value,
        figure_low,
        figure_high,
        fact_value,
        fact_low,
        fact_high,
        figure_over_fact,
        verdict,
        weight,
        owner_kind,
        owners,
        is_independent,
        reason_zh,
        reason_en
    from comparisons

)

select * from final

-- Numbers of a report by verification status. A number that a report prints several times
-- counts once; so does an equation, whatever number of comparisons writes it.
with statuses as (

    select * from {{ ref('dim_verification_statuses') }}

),

reports as (

    select * from {{ ref('dim_reports') }}

),

numbered as (

    select
        *,
        figure_id = number_id as is_number,
        relation is not null
        and figure_id = number_id
        and is_amount as is_calculated,
        {{ plain_number('published_value') }}
        || case when unit = 'percent' then '%' else '' end as printed_number
    from {{ ref('aud_figure_reconciliation') }}

),

equations as (

    select
        numbered.report_id,
        numbered.verification_status,
        count(distinct comparisons.equation_id) as independent_equations,
        string_agg(
            distinct comparisons.owners, '; ' order by comparisons.owners
        ) as equation_owners
    from numbered
    inner join {{ ref('int_outside__comparisons') }} as comparisons
        on
            numbered.report_id = comparisons.report_id
            and numbered.figure_id = comparisons.figure_id
            and comparisons.weight = 'test'
            and comparisons.is_independent
    group by numbered.report_id, numbered.verification_status

),

final as (

    select
        reports.report_id,
        statuses.verification_status,
        statuses.status_rank,
        statuses.name_zh,
        statuses.name_en,
        statuses.phrase_zh,
        statuses.phrase_en,
        statuses.definition_zh,
        statuses.definition_en,
        count(numbered.figure_id) as figures,
        count(case when numbered.is_number then 1 end) as numbers,
        count(case when numbered.is_calculated then 1 end) as calculated_numbers,
        coalesce(max(equations.independent_equations), 0) as independent_equations,
        max(equations.equation_owners) as equation_owners,
        string_agg(
            case when numbered.is_calculated then numbered.printed_number end, '、'
            order by coalesce(numbered.headline_order, 99), numbered.figure_id
        ) as printed_numbers_zh,
        string_agg(
            case when numbered.is_calculated then numbered.printed_number end, ', '
            order by coalesce(numbered.headline_order, 99), numbered.figure_id
        ) as printed_numbers_en
    from reports
    cross join statuses
    left join numbered
        on
            reports.report_id = numbered.report_id
            and statuses.verification_status = numbered.verification_status
    left join equations
        on
            reports.report_id = equations.report_id
            and statuses.verification_status = equations.verification_status
    group by
        reports.report_id,
        statuses.verification_status,
        statuses.status_rank,
        statuses.name_zh,
        statuses.name_en,
        statuses.phrase_zh,
        statuses.phrase_en,
        statuses.definition_zh,
        statuses.definition_en

)

select * from final

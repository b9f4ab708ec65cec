-- The audit questions, asked of each report. A question without a row is one that no one
-- has answered yet: in an own draft it is still to do.
with reports as (

    select * from {{ ref('dim_reports') }}

),

questions as (

    select * from {{ ref('dim_audit_questions') }}

),

answers as (

    select * from {{ ref('stg_report__audit_answers') }}

),

sources as (

    select * from {{ ref('dim_sources') }}

),

final as (

    select
        reports.report_id,
        questions.question_id,
        questions.sort_order,
        questions.part,
        questions.name_zh,
        questions.name_en,
        questions.question_zh,
        questions.question_en,
        coalesce(answers.answer, 'unanswered') as answer,
        case
            when answers.report_id is null then '尚未回答'
            when answers.answer = 'not_found' then '在可读到的材料中没有找到'
            else answers.text_zh
        end as text_zh,
        case
            when answers.report_id is null then 'not answered yet'
            when answers.answer = 'not_found' then 'not found in what could be read'
            else answers.text_en
        end as text_en,
        sources.address,
        answers.place,
        answers.basis,
        answers.searched_zh,
        answers.searched_en,
        answers.what_was_read,
        answers.source_id,
        answers.read_on
    from reports
    cross join questions
    left join answers
        on
            reports.report_id = answers.report_id
            and questions.question_id = answers.question_id
    left join sources
        on answers.source_id = sources.source_id

)

select * from final

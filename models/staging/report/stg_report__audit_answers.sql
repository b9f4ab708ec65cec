with answers as (

    select * from {{ ref('audit_answers') }}

),

readings as (

    select * from {{ ref('audit_readings') }}

),

kinds_of_readings as (

    select distinct
        report_id,
        what_was_read
    from readings

),

-- what was read of a report at all, for what was not found in it
read_of_reports as (

    select
        report_id,
        {{ dbt.listagg('what_was_read', "', '", 'order by what_was_read') }} as what_was_read
    from kinds_of_readings
    group by report_id

),

final as (

    select
        answers.report_id,
        answers.question_id,
        answers.answer,
        answers.text_zh,
        answers.text_en,
        answers.source_id,
        answers.place,
        answers.basis,
        answers.searched_zh,
        answers.searched_en,
        {{ date_from_text('answers.read_on') }} as read_on,
        case
            when answers.answer = 'not_found' then read_of_reports.what_was_read
            else readings.what_was_read
        end as what_was_read
    from answers
    left join readings
        on
            answers.report_id = readings.report_id
            and answers.source_id = readings.source_id
    left join read_of_reports
        on answers.report_id = read_of_reports.report_id

)

select * from final

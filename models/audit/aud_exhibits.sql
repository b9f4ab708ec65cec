-- What the text gives of every table, figure and equation, and what only the drawing
-- shows: a figure that is not disclosed here is nowhere in the warehouse.
with exhibits as (

    select * from {{ ref('exhibits') }}

),

reports as (

    select * from {{ ref('dim_reports') }}

),

figures as (

    select * from {{ ref('aud_figure_reconciliation') }}

),

items as (

    select
        exhibits.report_id,
        exhibits.exhibit_id,
        figures.figure_id as item_id,
        true as is_disclosed,
        figures.subject_zh,
        figures.subject_en,
        figures.comparator,
        figures.published_value,
        figures.published_value_upper,
        figures.unit_zh,
        figures.unit_en,
        figures.verification_status
    from exhibits
    inner join figures
        on
            exhibits.report_id = figures.report_id
            and {{ is_listed('figures.figure_id', 'exhibits.disclosed_figure_ids') }}

    union all

    select
        report_id,
        exhibit_id,
        '-' as item_id,
        false as is_disclosed,
        not_disclosed_zh as subject_zh,
        not_disclosed_en as subject_en,
        null as comparator,
        null as published_value,
        null as published_value_upper,
        null as unit_zh,
        null as unit_en,
        null as verification_status
    from exhibits
    where not_disclosed_en is not null

),

final as (

    select
        exhibits.report_id,
        exhibits.exhibit_id,
        exhibits.kind,
        exhibits.number,
        exhibits.title_zh,
        exhibits.title_en,
        {{ integer_from_text('exhibits.chapter') }} as chapter,
        exhibits.section,
        exhibits.disclosure,
        items.item_id,
        items.is_disclosed,
        items.subject_zh,
        items.subject_en,
        items.comparator,
        items.published_value,
        items.published_value_upper,
        items.unit_zh,
        items.unit_en,
        items.verification_status,
        {{ provenance_of(['report_id'], 'exhibits') }} as provenance,
        exhibits.source_id
    from exhibits
    inner join reports
        on exhibits.report_id = reports.report_id
    inner join items
        on
            exhibits.report_id = items.report_id
            and exhibits.exhibit_id = items.exhibit_id

)

select * from final

-- depends_on: {{ ref('aud_expectation_results') }}
-- so that it runs last: a failed test holds up whatever rests on its models
with linked_figures as (

    select * from {{ ref('int_report__linked_figures') }}

),

figures as (

    select * from {{ ref('stg_report__figure_ledger') }}

),

headlines as (

    select
        count(*) as number_of_headlines,
        max(headline_order) as last_headline_order
    from linked_figures
    where headline_order is not null

),

problems as (

    select
        case
            when figures.figure_id is null
                then linked_figures.figure_id || ' is linked and not in the ledger'
            when linked_figures.warehouse_value is null
                then
                    linked_figures.figure_id || ' ' || figures.subject_zh
                    || ': ' || linked_figures.model_name || ' has no '
                    || linked_figures.column_name || ' for '
                    || linked_figures.row_key
            else
                linked_figures.figure_id || ' ' || figures.subject_zh
                || ': the report publishes '
                || {{ plain_number('linked_figures.published_value') }}
                || ' ' || figures.unit || ', this build gives '
                || {{ plain_number('linked_figures.warehouse_value') }}
                || ' (tolerance '
                || {{ plain_number('linked_figures.rounding_half_width') }}
                || ', half a unit of the last printed digit)'
        end as problem
    from linked_figures
    left join figures
        on linked_figures.figure_id = figures.figure_id
    where linked_figures.is_reproduced is not true

    union all

    select
        number_of_headlines || ' headline figures are linked, the last is number '
        || last_headline_order as problem
    from headlines
    -- none at all is for the suite of rpt_headline_totals to judge: a build may leave out
    -- the platform of the report
    where number_of_headlines != last_headline_order

)

{{ stop_if_any('problems') }}

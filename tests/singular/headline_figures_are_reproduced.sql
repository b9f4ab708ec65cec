-- depends_on: {{ ref('aud_expectation_results') }}
-- so that it runs last: a failed test holds up whatever rests on its models
with linked_figures as (

    select * from {{ ref('int_report__linked_figures') }}

),

figures as (

    select * from {{ ref('stg_report__figure_ledger') }}

),

problems as (

    select
        linked_figures.figure_id || ' ' || figures.subject_zh
        || ': the report publishes '
        || {{ plain_number('linked_figures.published_value') }}
        || ' ' || figures.unit || ', this build gives '
        || {{ plain_number('linked_figures.warehouse_value') }} || ' (tolerance '
        || {{ plain_number('linked_figures.rounding_half_width') }}
        || ', half a unit of the last printed digit)' as problem
    from linked_figures
    inner join figures
        on linked_figures.figure_id = figures.figure_id
    where linked_figures.is_reproduced is not true

)

{{ stop_if_any('problems') }}

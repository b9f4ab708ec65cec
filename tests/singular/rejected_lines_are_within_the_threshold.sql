-- Stops everything that is made from merchants; aud_rejected_rows is made nevertheless.
-- depends_on: {{ ref('stg_survey__merchants') }}
with rejected_lines as (

    select * from {{ ref('stg_survey__rejected_lines') }}

),

counted as (

    select
        file,
        line,
        raw_text,
        rejected_column,
        reason_code,
        count(*) over () as number_of_lines,
        row_number() over (order by file_number, line) as place
    from rejected_lines
    where not is_waived

),

problems as (

    select
        number_of_lines || ' merchant lines are rejected and max_rejected_rows is '
        || {{ max_rejected_rows() }} || ': the first is ' || file || ', line ' || line
        || ', column ' || rejected_column || ': ' || left(raw_text, 200) || ' ['
        || reason_code || ']; dbt build lists all in marts.aud_rejected_rows' as problem
    from counted
    where
        place = 1
        and number_of_lines > {{ max_rejected_rows() }}

)

{{ stop_if_any('problems') }}

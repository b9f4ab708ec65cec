-- Three counts that know nothing of each other: lines that validation counted in the
-- file, rows that may be estimated from, rows that are rejected.
with files as (

    select * from {{ ref('stg_survey__merchant_files') }}

),

merchants as (

    select * from {{ ref('stg_survey__merchant_counts') }}

),

rejected_lines as (

    select * from {{ ref('stg_survey__rejected_lines') }}

),

counted as (

    select
        file_number,
        lines,
        0 as accepted_lines,
        0 as rejected_lines
    from files

    union all

    select
        file_number,
        0 as lines,
        sum(merchants) as accepted_lines,
        0 as rejected_lines
    from merchants
    group by file_number

    union all

    select
        file_number,
        0 as lines,
        0 as accepted_lines,
        count(*) as rejected_lines
    from rejected_lines
    group by file_number

),

problems as (

    select
        'file ' || file_number || ' of merchants: ' || sum(lines) || ' lines, '
        || sum(accepted_lines) || ' accepted and ' || sum(rejected_lines)
        || ' rejected' as problem
    from counted
    group by file_number
    having sum(lines) != sum(accepted_lines) + sum(rejected_lines)

)

select * from problems

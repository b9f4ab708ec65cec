-- A waiver that matches nothing may be meant for another line.
with waivers as (

    select
        file_sha256,
        {{ integer_from_text('line') }} as line,
        reason_code
    from {{ ref('waivers') }}

),

cells as (

    select * from {{ ref('waivers') }}

),

files as (

    select * from {{ ref('stg_survey__merchant_files') }}

),

rejected_lines as (

    select * from {{ ref('stg_survey__rejected_lines') }}

),

problems as (

    select
        cells.seed_file as seed,
        cells.seed_line,
        waivers.line as value,
        'line ' || waivers.line || ' of ' || files.file || ' is not rejected as '
        || waivers.reason_code as problem
    from waivers
    inner join cells
        on
            waivers.file_sha256 = cells.file_sha256
            and cast(waivers.line as {{ dbt.type_string() }}) = cells.line
            and waivers.reason_code = cells.reason_code
    inner join files
        on waivers.file_sha256 = files.file_sha256
    left join rejected_lines
        on
            waivers.file_sha256 = rejected_lines.file_sha256
            and waivers.line = rejected_lines.line
            and waivers.reason_code = rejected_lines.reason_code
    where rejected_lines.line is null

)

select * from problems

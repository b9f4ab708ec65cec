-- A table: what finds them belongs to the connection and no reader has it.
{{ config(materialized='table') }}

-- What validation found in each file of merchant microdata before anything was loaded.
-- depends_on: {{ ref('merchant_sample') }}
with files as (

    {{ merchant_files() }}

),

final as (

    select
        file_number,
        file,
        file_sha256,
        file_bytes,
        lines,
        first_line,
        cast(coalesce(sum(lines) over (
            order by file_number rows between unbounded preceding and 1 preceding
        ), 0) as bigint) as lines_in_files_before,
        rule_version
    from files

)

select * from final

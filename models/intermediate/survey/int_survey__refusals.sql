-- noqa: disable=LT02
-- What stops everything that is computed from merchants, under `dbt run` as under
-- `dbt build`: see macro stop_on_refusals. The audit tables of the merchants are built
-- nevertheless.
{%- set most = whole_number_variable('max_rejected_rows') %}
{% if is_duckdb() %}
with rejected_lines as (

    select * from {{ ref('stg_survey__rejected_lines') }}

),

merchants as (

    select * from {{ ref('stg_survey__merchant_counts') }}

),

files as (

    select * from {{ ref('stg_survey__merchant_files') }}

),

waivers as (

    select * from {{ ref('waivers') }}

),

distribution_checks as (

    select * from {{ ref('int_survey__distribution_checks') }}

),

counted as (

    select count(*) as number_of_lines
    from rejected_lines
    where not is_waived

),

-- a file that was changed is another file
unused as (

    select count(*) as number_of_waivers
    from waivers
    left join files
        on waivers.file_sha256 = files.file_sha256
    where files.file_sha256 is null

),

first_line as (

    select
        file,
        line,
        raw_text,
        rejected_column,
        reason_code
    from rejected_lines
    where not is_waived
    order by file_number asc, line asc
    limit 1

),

too_many_rejected as (

    select
        counted.number_of_lines
        || ' merchant lines are rejected and max_rejected_rows is '
        || {{ most }} || ': the first is ' || first_line.file
        || ', line ' || first_line.line
        || ', column ' || first_line.rejected_column || ': '
        || {{ printable_text('left(first_line.raw_text, 200)') }}
        || ' [' || first_line.reason_code
        || ']; dbt build lists all in audit.aud_rejected_rows'
        || case
            when unused.number_of_waivers > 0
                then
                    '; ' || unused.number_of_waivers
                    || ' waivers are of no file of this build: compare file_sha256'
            else ''
        end as problem
    from counted
    cross join first_line
    cross join unused
    where counted.number_of_lines > {{ most }}

),

all_rejected as (

    -- not `not exists`: DuckDB 2.0.0 forgets its limit of one row above an anti join
    select
        'every merchant line is rejected, so nothing can be estimated; dbt build lists'
        || ' all in audit.aud_rejected_rows' as problem
    from merchants
    -- a build without any merchants has nothing to reject
    having count(*) = 0 and (select sum(files.lines) from files) > 0

),

other_unit as (

    select
        message || '; this cannot be: look for 元 instead of 万元 or the like'
            as problem
    from distribution_checks
    where result = 'stop'

),

final as (

    select
        'rejected_lines' as reason,
        problem
    from too_many_rejected

    union all

    select
        'rejected_lines' as reason,
        problem
    from all_rejected

    union all

    select
        'unit' as reason,
        problem
    from other_unit

)

select * from final
{% else %}
select
    'rejected_lines' as reason,
    concat(
        'the ledger has ', cast(count(*) as {{ dbt.type_string() }}),
        ' lines with an empty cell, or whose turnover, headcount or weight is not above 0, '
        'such as merchant ', coalesce(min(merchant_id), '?'), ': correct them'
    ) as problem
from {{ ref('stg_survey__merchants') }}
where
    platform_id is null
    or sample_id is null
    or merchant_id is null
    or industry_code is null
    or industry_code = '-'
    or provenance is null
    or source_id is null
    or not coalesce(
        turnover_wan_yuan > 0 and headcount > 0 and survey_weight > 0, false
    )
having count(*) > 0

union all

select
    'rejected_lines' as reason,
    concat(
        cast(count(*) as {{ dbt.type_string() }}),
        ' merchants are on more than one line of the ledger, such as ',
        min(merchant_id), ': keep one line each'
    ) as problem
from (
    select
        platform_id,
        sample_id,
        merchant_id
    from {{ ref('stg_survey__merchants') }}
    group by platform_id, sample_id, merchant_id
    having count(*) > 1
) as repeated
having count(*) > 0
{% endif %}

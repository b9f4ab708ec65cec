-- The findings on the platforms of reports: other platforms are estimated in the same
-- way, but nobody reported on them.
with reports as (

    select * from {{ ref('dim_reports') }}

),

computed as (

    select * from {{ ref('int_findings__implied_inputs') }}
    union all
    select * from {{ ref('int_findings__coefficient_rounding') }}
    union all
    select * from {{ ref('int_findings__productivity_curve') }}
    union all
    select * from {{ ref('int_findings__aggregation') }}
    union all
    select * from {{ ref('int_findings__imported_inputs') }}
    union all
    select * from {{ ref('int_findings__output_per_worker') }}
    union all
    select * from {{ ref('int_findings__table_years') }}
    union all
    select * from {{ ref('int_findings__ratio_in_later_reports') }}
    union all
    select * from {{ ref('int_findings__double_counting') }}
    union all
    select * from {{ ref('int_findings__national_employment') }}
    union all
    select * from {{ ref('int_findings__later_report') }}

),

final as (

    select
        platform_id,
        finding_id,
        value,
        number_1,
        number_2,
        number_3,
        weakest_provenance
    from computed
    where platform_id in (select reports.platform_id from reports)

)

select * from final

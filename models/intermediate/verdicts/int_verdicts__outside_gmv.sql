-- A GMV disclosure beside what others disclosed of the same period: of a longer one,
-- less the rest of it. What the report itself is the source of is no other.
with reports as (

    select * from {{ ref('dim_reports') }}

),

disclosures as (

    select * from {{ ref('stg_platform__gmv_disclosures') }}

),

differences as (

    select
        reports.report_id,
        own.disclosure_id,
        wholes.gmv_yi_yuan - rests.gmv_yi_yuan as outside_value,
        wholes.half_width_yi_yuan + rests.half_width_yi_yuan as outside_half_width,
        row_number() over (
            partition by reports.report_id, own.disclosure_id
            order by
                wholes.half_width_yi_yuan + rests.half_width_yi_yuan,
                wholes.disclosure_id,
                rests.disclosure_id
        ) as closeness
    from reports
    inner join disclosures as own
        on
            reports.platform_id = own.platform_id
            and reports.source_id = own.source_id
    inner join disclosures as wholes
        on
            own.platform_id = wholes.platform_id
            and reports.source_id != wholes.source_id
            and wholes.superseded_by is null
    inner join disclosures as rests
        on
            own.platform_id = rests.platform_id
            and reports.source_id != rests.source_id
            and rests.superseded_by is null
            and (
                own.period_start = wholes.period_start
                and {{ add_to_date('day', 1, 'own.period_end') }} = rests.period_start
                and wholes.period_end = rests.period_end
                or own.period_end = wholes.period_end
                and own.period_start
                = {{ add_to_date('day', 1, 'rests.period_end') }}
                and wholes.period_start = rests.period_start
            )

),

final as (

    select
        report_id,
        disclosure_id,
        cast(outside_value as decimal(28, 10)) as outside_value,
        cast(outside_half_width as decimal(28, 10)) as outside_half_width
    from differences
    where closeness = 1

)

select * from final

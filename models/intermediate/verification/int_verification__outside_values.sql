-- What others say of a number that a report prints. A GMV disclosure is compared with what
-- they disclosed of the same period: of a longer one, less the rest of it. A number
-- that another report subtracts from one of its figures is compared with what that report prints of both.
-- What the report itself is the source of is no other.
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

steps as (

    select * from {{ ref('int_verification__report_steps') }}

),

reads as (

    select * from {{ ref('int_verification__dependencies') }}
    where is_direct

),

printed as (

    select
        report_id,
        link_name as step_id,
        max(amount) as amount,
        max(rounding_half_width * amount / nullif(value, 0)) as half_width
    from {{ ref('int_verification__figures') }}
    where link_relation = 'steps'
    group by report_id, link_name

),

-- of two printed numbers of another report the 1 minus the other
cited as (

    select distinct
        reports.report_id,
        own.step_id as name,
        wholes.amount - rests.amount as amount,
        wholes.half_width + rests.half_width as half_width,
        own.amount / cast(nullif(own.value, 0) as double) as scale
    from steps as cites
    inner join reports
        on cites.source_id = reports.source_id
    inner join steps as own
        on
            reports.report_id = own.report_id
            and cites.unit = own.unit
            and abs(cites.amount - own.amount) <= 0.000001 * abs(own.amount)
    inner join steps as readers
        on
            cites.report_id = readers.report_id
            and readers.formula like '% - ' || cites.step_id
    inner join printed as rests
        on
            readers.report_id = rests.report_id
            and readers.step_id = rests.step_id
    inner join reads
        on
            readers.report_id = reads.report_id
            and readers.step_id = reads.step_id
    inner join printed as wholes
        on
            reads.report_id = wholes.report_id
            and reads.depends_on_id = wholes.step_id
    where cites.is_input and not cites.is_of_report

),

final as (

    select
        report_id,
        'disclosures' as relation,
        disclosure_id as name,
        cast(outside_value as decimal(28, 10)) as outside_value,
        cast(outside_half_width as decimal(28, 10)) as outside_half_width
    from differences
    where closeness = 1

    union all

    select
        report_id,
        'steps' as relation,
        name,
        cast(amount / scale as decimal(28, 10)) as outside_value,
        cast(half_width / scale as decimal(28, 10)) as outside_half_width
    from cited

)

select * from final

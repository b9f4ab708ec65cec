-- What a report leaves without a check: a number that is circular, a part that is what
-- the rest leaves of the total, a bound that is counted as a plain number, and a
-- component whose parts it does not disclose.
with figures as (

    select * from {{ ref('int_verification__figures') }}

),

grounds as (

    select * from {{ ref('int_verification__status') }}

),

steps as (

    select * from {{ ref('int_verification__report_steps') }}

),

totals as (

    select
        report_id,
        max(case when component_id is not null then amount end) as amount
    from steps
    group by report_id

),

found as (

    -- a part of another component is not distinguished from it
    select
        grounds.report_id,
        case
            when grounds.link_status = 'circular' and grounds.is_remainder
                then 'remainder'
            when grounds.link_status = 'circular' then 'circular_number'
            else 'undisclosed_parts'
        end as rule,
        figures.figure_id,
        figures.amount,
        figures.value,
        null as bound_value
    from grounds
    inner join figures
        on
            grounds.report_id = figures.report_id
            and grounds.figure_id = figures.figure_id
            and figures.figure_id = figures.origin_figure_id
    inner join steps
        on
            figures.report_id = steps.report_id
            and figures.link_name = steps.component_id
    where grounds.link_status = 'circular' or grounds.has_assumed_parts

    union all

    select
        grounds.report_id,
        'dropped_bound' as rule,
        figures.figure_id,
        figures.amount,
        figures.value,
        bounds.value as bound_value
    from grounds
    inner join figures
        on
            grounds.report_id = figures.report_id
            and grounds.figure_id = figures.figure_id
            and figures.comparator = 'equal'
    inner join figures as bounds
        on
            grounds.report_id = bounds.report_id
            and grounds.handed_on_figure_id = bounds.figure_id
            and bounds.comparator != 'equal'

    union all

    -- a total printed as a plain number although a part of it is printed as a bound
    select
        figures.report_id,
        'dropped_bound' as rule,
        figures.figure_id,
        figures.amount,
        figures.amount / 10000 as value,
        parts.amount / 10000 as bound_value
    from figures
    inner join steps
        on
            figures.report_id = steps.report_id
            and figures.link_name = steps.component_id
    inner join totals
        on
            steps.report_id = totals.report_id
            and steps.amount = totals.amount
    inner join figures as parts
        on
            figures.report_id = parts.report_id
            and figures.link_name != parts.link_name
            and parts.comparator in ('over', 'at_least', 'up_to')
    inner join steps as part_steps
        on
            parts.report_id = part_steps.report_id
            and parts.link_name = part_steps.component_id
    where
        figures.comparator = 'equal'
        and figures.figure_id = figures.origin_figure_id

),

ranked as (

    select
        found.*,
        100 * found.amount / totals.amount as share,
        row_number() over (
            partition by found.report_id, found.rule
            order by found.amount desc, found.figure_id asc, found.bound_value desc
        ) as size_rank
    from found
    inner join totals
        on found.report_id = totals.report_id

),

-- told once a report, of the largest one
final as (

    select
        report_id,
        rule,
        '-' as subject,
        share as value,
        {{ rounded_number('value', 1) }} as number_1,
        {{ rounded_number('share', 1) }} as number_2,
        {{ rounded_number('bound_value', 1) }} as number_3,
        'disclosed' as weakest_provenance,
        figure_id as about
    from ranked
    where size_rank = 1

)

select * from final

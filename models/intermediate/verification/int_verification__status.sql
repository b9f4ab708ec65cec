-- What a linked figure follows from: the ends of what its step is calculated from decide its
-- status; other printed numbers are ends.
with steps as (

    select * from {{ ref('int_verification__report_steps') }}

),

links as (

    select
        report_id,
        figure_id,
        link_name as name,
        link_element_id as element_id,
        amount
    from {{ ref('int_verification__figures') }}
    where link_relation in ('steps', 'disclosures')

),

dependencies as (

    select * from {{ ref('int_verification__dependencies') }}

),

wholes as (

    select
        links.report_id,
        links.figure_id,
        printed.amount
    from links
    inner join dependencies
        on
            links.report_id = dependencies.report_id
            and links.name = dependencies.depends_on_id
            and dependencies.is_direct
    inner join links as printed
        on
            dependencies.report_id = printed.report_id
            and dependencies.step_id = printed.name

),

ends as (

    select
        links.report_id,
        links.figure_id,
        dependencies.printed_figure_id,
        steps.role,
        dependencies.depends_on_id = links.name as is_itself,
        abs(steps.amount - links.amount) <= 0.000001 * abs(links.amount)
            as is_equal,
        dependencies.printed_figure_id is not null or steps.is_of_report
            as is_printed,
        dependencies.printed_figure_id is null and steps.is_of_report
        and steps.weakest_provenance = 'derived' as is_backed_out,
        dependencies.printed_figure_id is null and steps.is_of_report
        and wholes.figure_id is not null as is_whole,
        dependencies.printed_figure_id is null
        and steps.weakest_provenance in ('assumed', 'synthetic') as is_assumed,
        dependencies.printed_figure_id is null and not steps.is_of_report
        and steps.source_id is not null as is_outside
    from links
    inner join dependencies
        on
            links.report_id = dependencies.report_id
            and links.name = dependencies.step_id
            and dependencies.is_end
    inner join steps
        on
            dependencies.report_id = steps.report_id
            and dependencies.depends_on_id = steps.step_id
            and (
                links.name != steps.step_id
                or links.element_id in (steps.element_id, '-')
            )
    left join wholes
        on
            links.report_id = wholes.report_id
            and links.figure_id = wholes.figure_id
            and abs(steps.amount - wholes.amount) <= 0.000001 * abs(wholes.amount)
    -- a conversion of units is not a separate number
    where steps.step_id = links.name or steps.role is distinct from 'conversion'

),

final as (

    select
        report_id,
        figure_id,
        case when bool_and(is_equal and is_printed) then min(printed_figure_id) end
            as handed_on_figure_id,
        not bool_or(is_itself) and bool_or(is_assumed) as has_assumed_parts,
        case
            when bool_or(is_itself and is_assumed and not is_equal) then 'assumed'
            when bool_or(is_itself) or bool_and(is_equal and is_printed) then 'taken_as_printed'
            -- the parts are scaled to it, for any are
            when bool_or(is_equal and is_printed and role = 'control_total')
                then 'taken_as_printed'
            when bool_or(is_equal and is_printed or is_backed_out) then 'circular'
            -- printed numbers and third-party ones go together
            when bool_or(is_outside) and not bool_or(is_assumed) then 'consistent'
            when bool_or(is_whole) then 'circular'
            when bool_or(is_assumed) then 'assumed'
            else 'arithmetic'
        end as link_status,
        not bool_or(is_itself) and bool_or(is_whole) as is_remainder
    from ends
    group by report_id, figure_id

)

select * from final

-- What a linked figure follows from: where the traversal from its step to what that reads
-- ends decides its status; other printed numbers are ends.
with recursive steps as (

    select * from {{ ref('int_verdicts__report_steps') }}

),

links as (

    select
        report_id,
        figure_id,
        link_name as name,
        link_element_id as element_id,
        amount,
        -- what is not in print is not a printed number that others follow from
        coalesce(state, '') not in ('not_printed', 'not_found') as is_in_print
    from {{ ref('int_verdicts__figures') }}
    where link_relation in ('steps', 'disclosures')

),

reads as (

    {{ step_reads('steps') }}

),

wholes as (

    select
        links.report_id,
        links.figure_id,
        printed.amount
    from links
    inner join reads
        on
            links.report_id = reads.report_id
            and links.name = reads.step_id
    inner join links as printed
        on
            reads.report_id = printed.report_id
            and reads.reader_id = printed.name

),

reached as (

    select
        report_id,
        figure_id,
        name,
        element_id,
        amount,
        name as step_id,
        cast(null as {{ dbt.type_string() }}) as printed_figure_id
    from links

    union

    select
        reached.report_id,
        reached.figure_id,
        reached.name,
        reached.element_id,
        reached.amount,
        reads.step_id,
        printed.figure_id as printed_figure_id
    from reached
    inner join reads
        on
            reached.report_id = reads.report_id
            and reached.step_id = reads.reader_id
    left join links as printed
        on
            reads.report_id = printed.report_id
            and reads.step_id = printed.name
            and printed.is_in_print
    where reached.printed_figure_id is null

),

ends as (

    select
        reached.*,
        steps.role,
        reached.step_id = reached.name as is_itself,
        abs(steps.amount - reached.amount) <= 0.000001 * abs(reached.amount)
            as is_equal,
        reached.printed_figure_id is not null or steps.is_of_report as is_printed,
        reached.printed_figure_id is null and steps.is_of_report
        and steps.weakest_provenance = 'derived' as is_backed_out,
        reached.printed_figure_id is null and steps.is_of_report
        and wholes.figure_id is not null as is_whole,
        reached.printed_figure_id is null
        and steps.weakest_provenance in ('assumed', 'synthetic') as is_assumed,
        reached.printed_figure_id is null and not steps.is_of_report
        and steps.source_id is not null as is_outside
    from reached
    inner join steps
        on
            reached.report_id = steps.report_id
            and reached.step_id = steps.step_id
            and (
                reached.step_id != reached.name
                or reached.element_id in (steps.element_id, {{ no_element() }})
            )
    left join reads
        on
            reached.report_id = reads.report_id
            and reached.step_id = reads.reader_id
    left join wholes
        on
            reached.report_id = wholes.report_id
            and reached.figure_id = wholes.figure_id
            and abs(steps.amount - wholes.amount) <= 0.000001 * abs(wholes.amount)
    where
        (reads.step_id is null or reached.printed_figure_id is not null)
        -- a conversion of units is not a separate number
        and (reached.step_id = reached.name or steps.role is distinct from 'conversion')

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

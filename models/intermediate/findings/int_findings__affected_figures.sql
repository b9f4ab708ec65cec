-- The figures that rest on what a finding is about: names of inputs and steps, roles,
-- or figures.
with computed as (

    select * from {{ ref('int_findings__computed') }}

),

steps as (

    select * from {{ ref('int_verdicts__report_steps') }}

),

links as (

    select * from {{ ref('int_verdicts__linked_values') }}

),

linked_steps as (

    select
        links.report_id,
        links.figure_id,
        links.headline_order,
        replace(steps.rests_on, ',', '') || ' ' || links.name as names
    from links
    inner join steps
        on
            links.report_id = steps.report_id
            and links.name = steps.step_id
            and (
                links.element_id = steps.element_id
                or links.element_id = {{ no_element() }}
            )

),

touched as (

    select distinct
        computed.report_id,
        computed.rule,
        computed.subject,
        inputs.step_id
    from computed
    inner join steps as about
        on
            computed.report_id = about.report_id
            and (
                {{ is_listed('about.step_id', 'computed.about') }}
                or {{ is_listed('about.role', 'computed.about') }}
            )
    inner join steps as inputs
        on
            about.report_id = inputs.report_id
            -- of a component it is the component alone
            and case
                when about.component_id is not null
                    then about.step_id = inputs.step_id
                else
                    inputs.is_input
                    and {{ is_listed(
                        'inputs.step_id',
                        "replace(about.rests_on, ',', '')"
                    ) }}
            end

),

affected as (

    select distinct
        touched.report_id,
        touched.rule,
        touched.subject,
        linked_steps.figure_id,
        coalesce(linked_steps.headline_order, 99) as position
    from touched
    inner join linked_steps
        on
            touched.report_id = linked_steps.report_id
            and {{ is_listed('touched.step_id', 'linked_steps.names') }}

),

final as (

    select
        report_id,
        rule,
        subject,
        {{ dbt.listagg('figure_id', "' '", 'order by position, figure_id') }}
            as figure_ids
    from affected
    group by report_id, rule, subject

)

select * from final

-- The figures that depend on what a finding can be about: an input or a step of the
-- method, a role, a figure itself. What depends on a step depends on its inputs; of a
-- component it is the component alone.
with steps as (

    select * from {{ ref('int_verification__report_steps') }}

),

figures as (

    select * from {{ ref('stg_report__figure_ledger') }}

),

linked_steps as (

    select
        figures.report_id,
        figures.figure_id,
        coalesce(figures.headline_order, 99) as position,
        replace(steps.rests_on, ',', '') || ' ' || figures.link_name as names
    from figures
    inner join steps
        on
            figures.report_id = steps.report_id
            and figures.link_name = steps.step_id
            and figures.link_element_id in (steps.element_id, '-')
    where figures.link_relation != 'claims'

),

named as (

    select
        report_id,
        step_id as name,
        component_id,
        rests_on
    from steps

    union all

    select
        report_id,
        role as name,
        component_id,
        rests_on
    from steps
    where role is not null

),

touched as (

    select distinct
        named.report_id,
        named.name,
        inputs.step_id
    from named
    inner join steps as inputs
        on
            named.report_id = inputs.report_id
            and case
                when named.component_id is not null
                    then named.component_id = inputs.step_id
                else
                    inputs.is_input
                    and {{ is_listed(
                        'inputs.step_id', "replace(named.rests_on, ',', '')"
                    ) }}
            end

),

final as (

    select
        touched.report_id,
        touched.name,
        linked_steps.figure_id,
        linked_steps.position
    from touched
    inner join linked_steps
        on
            touched.report_id = linked_steps.report_id
            and {{ is_listed('touched.step_id', 'linked_steps.names') }}

    union

    select
        report_id,
        figure_id as name,
        figure_id,
        coalesce(headline_order, 99) as position
    from figures

)

select * from final

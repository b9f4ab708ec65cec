-- The report calculated with another input-output table, or with another definition of
-- the ratio on the same table: scenarios that differ from the one of the report in one of
-- the two alone.
{%- set of_the_table = ['table', 'imports'] %}
with multiplied_jobs as (

    select * from {{ ref('int_findings__multiplied_jobs') }}

),

scenarios as (

    select * from {{ ref('dim_scenarios') }}

),

steps as (

    select * from {{ ref('int_chain__steps') }}

),

totals as (

    select * from {{ ref('stg_economy__input_output_totals') }}

),

imports as (

    select
        all_uses.table_year,
        100 * cast(imported.intermediate_use_yi_yuan as double)
        / all_uses.intermediate_use_yi_yuan as imported_percent
    from totals as all_uses
    inner join totals as imported
        on all_uses.table_year = imported.table_year
    where all_uses.origin = 'total' and imported.origin = 'imported'

),

alternatives as (

    select
        multiplied_jobs.*,
        others.scenario_id as other_scenario_id,
        others.table_year as other_table_year,
        others.ratio_definition as other_ratio_definition
    from multiplied_jobs
    inner join scenarios as own
        on
            multiplied_jobs.platform_id = own.platform_id
            and multiplied_jobs.scenario_id = own.scenario_id
    inner join scenarios as others
        on
            own.platform_id = others.platform_id
            and own.method_id = others.method_id
            and {{ without_settings('own.choices', of_the_table) }}
            = {{ without_settings('others.choices', of_the_table) }}
            and (own.table_year = others.table_year)
            != (own.ratio_definition = others.ratio_definition)

),

recalculated as (

    select
        alternatives.*,
        cast(jobs.value as double) as other_jobs_wan,
        cast(multipliers.value as double) as other_multiplier
    from alternatives
    inner join steps as jobs
        on
            alternatives.platform_id = jobs.platform_id
            and alternatives.window_end = cast(jobs.window_end as date)
            and alternatives.other_scenario_id = jobs.scenario_id
            and alternatives.parent_component_id = jobs.component_id
    inner join steps as multipliers
        on
            jobs.platform_id = multipliers.platform_id
            and jobs.window_end = multipliers.window_end
            and jobs.scenario_id = multipliers.scenario_id
            and alternatives.multiplier_name = multipliers.step_id

),

final as (

    select
        recalculated.report_id,
        case
            when recalculated.table_year = recalculated.other_table_year
                then 'other_ratio_definition'
            else 'other_table_year'
        end as rule,
        case
            when recalculated.table_year = recalculated.other_table_year
                then recalculated.other_ratio_definition
            else cast(recalculated.other_table_year as varchar)
        end as subject,
        100 * (recalculated.other_jobs_wan / recalculated.parent_jobs_wan - 1) as value,
        {{ rounded_number('recalculated.other_multiplier', 3) }} as number_1,
        {{ rounded_number('recalculated.other_jobs_wan', 1) }} as number_2,
        case
            when recalculated.table_year = recalculated.other_table_year
                then {{ rounded_number('imports.imported_percent', 1) }}
            else {{ rounded_number('recalculated.parent_jobs_wan', 1) }}
        end as number_3,
        recalculated.weakest_provenance,
        recalculated.multiplier_name as about
    from recalculated
    left join imports
        on recalculated.table_year = imports.table_year

)

select * from final

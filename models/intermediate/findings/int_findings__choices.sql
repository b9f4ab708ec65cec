-- The total of a report among all combinations of choices that can be defended
-- and depend on nothing synthetic.
with reports as (

    select * from {{ ref('dim_reports') }}

),

scenarios as (

    select * from {{ ref('dim_scenarios') }}

),

components as (

    select * from {{ ref('dim_components') }}

),

provenance_kinds as (

    select * from {{ ref('dim_provenance_kinds') }}

),

totals as (

    select combinations.*
    from {{ ref('est_combinations') }} as combinations
    inner join components
        on
            combinations.method_id = components.method_id
            and combinations.component_id = components.component_id
    where
        combinations.record = 'combination'
        and components.parent_component_id is null

),

defensible as (

    select
        reports.report_id,
        own.component_id,
        count(*) as combinations,
        avg(case when others.jobs_wan < own.jobs_wan then 100.0 else 0.0 end)
            as percent_below,
        min(others.jobs_wan) as lowest_wan,
        max(others.jobs_wan) as highest_wan,
        max(provenance_kinds.provenance_rank) as provenance_rank
    from reports
    inner join scenarios
        on
            reports.platform_id = scenarios.platform_id
            and reports.scenario_id = scenarios.scenario_id
    inner join totals as own
        on
            reports.platform_id = own.platform_id
            and reports.window_end = cast(own.window_end as date)
            and scenarios.method_id = own.method_id
            and scenarios.choices = own.choices
    inner join totals as others
        on
            own.platform_id = others.platform_id
            and own.window_end = others.window_end
            and own.method_id = others.method_id
            and others.is_defensible
            and not others.is_duplicate
            and not others.has_synthetic_input
    inner join provenance_kinds
        on others.weakest_provenance = provenance_kinds.provenance
    group by reports.report_id, own.component_id

),

final as (

    select
        defensible.report_id,
        'among_choices' as rule,
        '-' as subject,
        defensible.percent_below as value,
        cast(defensible.combinations as varchar) as number_1,
        {{ rounded_number('defensible.lowest_wan', 0) }} as number_2,
        {{ rounded_number('defensible.highest_wan', 0) }} as number_3,
        provenance_kinds.provenance as weakest_provenance,
        defensible.component_id as about
    from defensible
    inner join provenance_kinds
        on defensible.provenance_rank = provenance_kinds.provenance_rank
    -- a method that leaves nothing open has one way
    where defensible.combinations > 1

)

select * from final

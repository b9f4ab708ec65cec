-- What a report prints against itself: totals next to their parts, where all are
-- printed; and what the printing of inputs leaves open in its total.
with reports as (

    select * from {{ ref('dim_reports') }}

),

scenarios as (

    select * from {{ ref('dim_scenarios') }}

),

components as (

    select * from {{ ref('dim_components') }}

),

figures as (

    select * from {{ ref('stg_report__figure_ledger') }}

),

limits as (

    select * from {{ ref('est_limits') }}

),

-- one that is printed several times counts as its largest number, coarsest rounding
printed as (

    select
        reports.report_id,
        components.component_id,
        components.parent_component_id,
        max(figures.value) as value,
        max(figures.rounding_half_width) as half_width
    from reports
    inner join scenarios
        on
            reports.platform_id = scenarios.platform_id
            and reports.scenario_id = scenarios.scenario_id
    inner join components
        on scenarios.method_id = components.method_id
    left join figures
        on
            reports.report_id = figures.report_id
            and components.component_id = figures.link_name
            and figures.link_relation != 'claims'
            -- a part that was obtained by subtraction adds up by definition
            and coalesce(figures.state, 'found') in ('found', 'found_weak')
    group by
        reports.report_id,
        components.component_id,
        components.parent_component_id

),

sums as (

    select
        totals.report_id,
        totals.component_id,
        abs(totals.value - sum(parts.value)) as difference,
        totals.half_width + sum(parts.half_width) as rounding
    from printed as totals
    inner join printed as parts
        on
            totals.report_id = parts.report_id
            and totals.component_id = parts.parent_component_id
    where totals.value is not null
    group by totals.report_id, totals.component_id, totals.value, totals.half_width
    having count(*) = count(parts.value)

),

final as (

    select
        report_id,
        'parts_add_up' as rule,
        '-' as subject,
        max(greatest(difference - rounding, 0)) as value,
        cast(count(*) as varchar) as number_1,
        {{ rounded_number('max(difference)', 1) }} as number_2,
        null as number_3,
        'disclosed' as weakest_provenance,
        {{ dbt.listagg('component_id', "' '", 'order by component_id') }} as about
    from sums
    group by report_id

    union all

    select
        reports.report_id,
        'printed_inputs' as rule,
        '-' as subject,
        100 * (limits.high - limits.low) / (limits.high + limits.low) as value,
        {{ rounded_number('limits.low', 1) }} as number_1,
        {{ rounded_number('limits.high', 1) }} as number_2,
        cast(len(string_split(limits.varied_inputs, ', ')) as varchar) as number_3,
        'disclosed' as weakest_provenance,
        replace(limits.varied_inputs, ',', '') as about
    from reports
    inner join limits
        on
            reports.platform_id = limits.platform_id
            and reports.window_end = cast(limits.window_end as date)
            and reports.scenario_id = limits.scenario_id
            and limits.layer = 'rounding'
    inner join components
        on
            limits.method_id = components.method_id
            and limits.component_id = components.component_id
            and components.parent_component_id is null
    -- of a total that is its own input nothing is calculated
    where limits.method_id in (
        select parts.method_id
        from components as parts
        where parts.parent_component_id is not null
        group by parts.method_id
        having count(*) > 1
    )

)

select * from final

-- The value that a reference period takes of what is disclosed for periods, in tables of
-- different shapes: the latest period that ended by its end or began by its middle. All
-- elements of an input belong to one period, so that a tier that is gone stays gone.
with dated_values as (

    select
        platform_id,
        scenario_id,
        period_start,
        period_end,
        input_name,
        element_id,
        cast(low as double) as low,
        cast(central as double) as central,
        cast(high as double) as high,
        distribution,
        uncertainty_kind,
        provenance,
        source_id,
        seed,
        seed_line
    from {{ ref('stg_platform__input_values') }}

    union all

    select
        platform_id,
        null as scenario_id,
        period_start,
        period_end,
        'creators_with_income' as input_name,
        '-' as element_id,
        cast(low_wan as double) as low,
        cast(creators_wan as double) as central,
        cast(high_wan as double) as high,
        case when low_wan is not null then 'uniform' end as distribution,
        case when low_wan is not null then 'open' end as uncertainty_kind,
        provenance,
        source_id,
        seed,
        seed_line
    from {{ ref('stg_platform__creators_with_income') }}

    {% for table, element, columns in [
        ('stg_platform__creator_tiers', 'tier_id', {
            'tier_creators': 'creators_wan',
            'team_share': 'team_share',
            'team_members': 'team_members',
        }),
        ('stg_platform__institutions', 'institution_type_id', {
            'organisations': 'organisations',
            'average_staff': 'average_staff',
        }),
    ] %}
        {% for input_name, column_name in columns.items() %}
            union all

            select
                platform_id,
                null as scenario_id,
                period_start,
                period_end,
                '{{ input_name }}' as input_name,
                {{ element }} as element_id,
                null as low,
                cast({{ column_name }} as double) as central,
                null as high,
                null as distribution,
                null as uncertainty_kind,
                provenance,
                source_id,
                seed,
                seed_line
            from {{ ref(table) }}
        {% endfor %}
    {% endfor %}

),

windows as (

    select distinct
        platform_id,
        window_start,
        window_end
    from {{ ref('int_chain__windows') }}

),

inputs as (

    select * from {{ ref('dim_inputs') }}

),

steps as (

    select * from {{ ref('dim_steps') }}

),

ranked as (

    select
        windows.platform_id as window_platform_id,
        windows.window_end,
        inputs.role,
        dated_values.*,
        dense_rank() over (
            partition by
                windows.platform_id,
                windows.window_end,
                dated_values.platform_id is null,
                dated_values.scenario_id,
                dated_values.input_name
            order by
                dated_values.period_start desc nulls last,
                dated_values.period_end desc
        ) as preference
    from windows
    inner join dated_values
        on
            windows.platform_id
            = coalesce(dated_values.platform_id, windows.platform_id)
    inner join inputs
        on dated_values.input_name = inputs.input_name
    where
        dated_values.period_start is null
        or inputs.is_carried
        and (
            dated_values.period_end <= windows.window_end
            or 2 * {{ dbt.datediff(
                'dated_values.period_start', 'windows.window_end', 'day'
            ) }}
            >= {{ dbt.datediff('windows.window_start', 'windows.window_end', 'day') }}
        )
        or dated_values.period_start = windows.window_start
        and dated_values.period_end = windows.window_end

),

report_windows as (

    select distinct
        platform_id,
        window_end
    from {{ ref('dim_reports') }}

),

latest as (

    select
        ranked.*,
        case
            when ranked.scenario_id is not null then 4
            when ranked.platform_id is not null then 2
            else 0
        end as priority,
        case
            when ranked.scenario_id is not null
                then ['scenario=' || ranked.scenario_id]
            else []
        end as options
    from ranked
    where ranked.preference = 1

),

-- where a total is published, parts are scaled to it: it takes away the scale
scales as (

    select distinct
        totals.window_platform_id,
        totals.window_end,
        totals.options,
        totals.priority,
        scales.step_id as input_name
    from latest as totals
    inner join {{ ref('int_chain__formulas') }} as readers
        on {{ is_listed('totals.input_name', 'readers.operands') }}
    inner join steps as scales
        on readers.method_id = scales.method_id
    where totals.role = 'control_total' and scales.role = 'scale'

),

final as (

    select
        cast(null as varchar) as method_id,
        latest.window_platform_id as platform_id,
        latest.window_end,
        latest.options,
        latest.priority,
        latest.input_name,
        latest.element_id,
        latest.low,
        latest.central,
        latest.high,
        latest.distribution,
        latest.uncertainty_kind,
        -- a draw belongs to the value and not to the window
        rtrim(latest.input_name || ' ' || latest.element_id, ' -') as stream,
        -- an assumption with a period was chosen for a report: elsewhere it is extrapolated
        coalesce(latest.period_end >= latest.window_end, true)
        and not (
            latest.provenance = 'assumed'
            and latest.period_start is not null
            and report_windows.window_end is null
        ) as is_of_window,
        coalesce(latest.period_end < latest.window_end, false) as is_carried_forward,
        latest.period_end,
        latest.provenance,
        latest.source_id,
        latest.seed,
        latest.seed_line,
        coalesce(cast(latest.period_start as varchar), 'every window') as reference
    from latest
    left join scales
        on
            latest.window_platform_id = scales.window_platform_id
            and latest.window_end = scales.window_end
            and latest.options = scales.options
            and latest.priority = scales.priority
            and latest.input_name = scales.input_name
    left join report_windows
        on
            latest.window_platform_id = report_windows.platform_id
            and latest.window_end = report_windows.window_end
    where scales.input_name is null

    union all

    select
        cast(null as varchar) as method_id,
        window_platform_id as platform_id,
        window_end,
        options,
        priority,
        input_name,
        '-' as element_id,
        cast(null as double) as low,
        cast(null as double) as central,
        cast(null as double) as high,
        cast(null as varchar) as distribution,
        cast(null as varchar) as uncertainty_kind,
        input_name as stream,
        true as is_of_window,
        false as is_carried_forward,
        cast(null as date) as period_end,
        cast(null as varchar) as provenance,
        cast(null as varchar) as source_id,
        cast(null as varchar) as seed,
        cast(null as bigint) as seed_line,
        cast(null as varchar) as reference
    from scales

)

select * from final

-- A report next to others on its platform: the next one, next to what it would have said
-- itself with the mean turnover of its merchants, or their number, as it was; and the
-- one before, where its total falls, alone or while the value added next to it rises.
with reports as (

    select * from {{ ref('dim_reports') }}

),

multiplied_jobs as (

    select * from {{ ref('int_findings__multiplied_jobs') }}

),

roots as (

    select distinct component_id
    from {{ ref('dim_components') }}
    where parent_component_id is null

),

report_steps as (

    select * from {{ ref('int_verification__report_steps') }}

),

-- what gives the number of the report in its own window may go apart in a later one
variants as (

    select
        multiplied_jobs.report_id,
        later.window_end,
        max(multiplied_jobs.multiplier_name) as multiplier_name,
        max(
            case
                when later.scenario_id = multiplied_jobs.scenario_id
                    then cast(later.value as double)
            end
        ) as own_jobs_wan,
        min(cast(later.value as double)) as lowest_jobs_wan,
        max(later.weakest_provenance) as weakest_provenance
    from multiplied_jobs
    inner join {{ ref('int_chain__steps') }} as steps
        on
            multiplied_jobs.platform_id = steps.platform_id
            and multiplied_jobs.window_end = cast(steps.window_end as date)
            and multiplied_jobs.parent_component_id = steps.component_id
            and steps.weakest_provenance != 'synthetic'
            and abs(cast(steps.value as double) - multiplied_jobs.parent_jobs_wan)
            < 0.00005
    inner join {{ ref('int_chain__steps') }} as later
        on
            steps.platform_id = later.platform_id
            and steps.scenario_id = later.scenario_id
            and steps.component_id = later.component_id
    group by multiplied_jobs.report_id, later.window_end

),

later_reports as (

    select
        variants.*,
        report_steps.value as published_jobs_wan
    from variants
    inner join multiplied_jobs
        on variants.report_id = multiplied_jobs.report_id
    inner join reports
        on
            multiplied_jobs.platform_id = reports.platform_id
            and multiplied_jobs.window_end < reports.window_end
            and cast(variants.window_end as date) = reports.window_end
    inner join report_steps
        on
            reports.report_id = report_steps.report_id
            and multiplied_jobs.parent_component_id = report_steps.component_id
    where multiplied_jobs.gmv_yi_yuan > 0 and variants.own_jobs_wan is not null
    qualify
        reports.window_end
        = min(reports.window_end) over (partition by variants.report_id)

),

totals as (

    select
        reports.report_id,
        root_steps.step_id,
        root_steps.amount,
        root_steps.weakest_provenance,
        added.amount as value_added,
        lag(root_steps.amount) over earlier as amount_before,
        lag(added.amount) over earlier as value_added_before,
        reports.window_end,
        lag(reports.window_end) over earlier as window_before,
        extract(year from lag(reports.window_end) over earlier) as year_before
    from reports
    inner join report_steps as root_steps
        on reports.report_id = root_steps.report_id
    inner join roots
        on root_steps.component_id = roots.component_id
    left join report_steps as added
        on reports.report_id = added.report_id and added.role = 'value_added'
    window earlier as (
        partition by reports.platform_id, root_steps.unit order by reports.window_end
    )

),

final as (

    select
        report_id,
        'later_report' as rule,
        '-' as subject,
        100 * (own_jobs_wan / published_jobs_wan - 1) as value,
        {{ rounded_number('own_jobs_wan', 1) }} as number_1,
        {{ rounded_number('lowest_jobs_wan', 1) }} as number_2,
        {{ rounded_number('published_jobs_wan', 0) }} as number_3,
        weakest_provenance,
        'turnover ' || multiplier_name as about
    from later_reports

    {% for subject, change, number in [
        ('alone', 'amount / amount_before', 'amount_before / 10000'),
        ('value_added', 'value_added / value_added_before * amount_before / amount',
         '100 * (value_added / value_added_before - 1)'),
    ] %}
        union all

        select
            report_id,
            'total_falls' as rule,
            '{{ subject }}' as subject,
            100 * abs({{ change }} - 1) as value,
            {{ rounded_number('amount / 10000', 1) }} as number_1,
            {{ rounded_number(number, 1) }} as number_2,
            cast(year_before as varchar) as number_3,
            weakest_provenance,
            step_id as about
        from totals
        where
            amount < amount_before
            -- twelve months that end in another month are another period
            and extract(month from window_end) = extract(month from window_before)
            {%- if subject != 'alone' %} and value_added > value_added_before{% endif %}
    {% endfor %}

)

select * from final

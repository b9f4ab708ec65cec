-- The change of jobs between two windows of a scenario, or two reports of a platform,
-- by the logarithmic mean (LMDI-I): with L = (V1 - V0) / ln(V1 / V0), a product V
-- changes by L times the logarithm of the growth of each factor, exactly. What rounding
-- leaves goes to jobs per GMV, or to direct jobs if none exist of GMV.
with terms as (

    select * from {{ ref('int_chain__growth_terms') }}

),

reports as (

    select * from {{ ref('dim_reports') }}

),

periods as (

    select * from {{ ref('int_chain__input_periods') }}

),

known as (

    select
        terms.*,
        reports.report_id is not null as is_report
    from terms
    left join reports
        on
            terms.platform_id = reports.platform_id
            and terms.scenario_id = reports.scenario_id
            and terms.window_end = reports.window_end

),

pairs as (

    select
        later.platform_id,
        earlier.scenario_id as from_scenario_id,
        earlier.window_end as from_window_end,
        later.scenario_id,
        later.window_end,
        later.unit_counted,
        earlier.is_report and later.is_report as is_between_reports,
        earlier.is_extrapolated or later.is_extrapolated as is_extrapolated,
        {%- for side, name in [('from', 'earlier'), ('to', 'later')] %}
            cast(
                {{ name }}.gmv_jobs_wan + {{ name }}.direct_jobs_wan
                + {{ name }}.content_jobs_wan as decimal(18, 4)
            ) as {{ side }}_jobs_wan,
        {%- endfor %}
        later.content_jobs_wan - earlier.content_jobs_wan as content,
        {%- for family in ['gmv', 'direct'] %}
            {%- set was = 'cast(earlier.' ~ family ~ '_jobs_wan as double)' %}
            {%- set is = 'cast(later.' ~ family ~ '_jobs_wan as double)' %}
            {{ is }} - {{ was }} as {{ family }}_change,
            case
                when {{ was }} <= 0 or {{ is }} <= 0 then 0
                when {{ was }} = {{ is }} then {{ is }}
                else ({{ is }} - {{ was }}) / ln({{ is }} / {{ was }})
            end as {{ family }}_mean,
            -- where one side prints no part by the ratio there is no ratio to tell
            case
                when
                    earlier.{{ family }}_jobs_wan > earlier.{{ family }}_base_wan
                    and later.{{ family }}_jobs_wan > later.{{ family }}_base_wan
                    then
                        ln({{ is }} / cast(later.{{ family }}_base_wan as double))
                        - ln({{ was }} / cast(earlier.{{ family }}_base_wan as double))
                else 0
            end as {{ family }}_ratio_growth,
        {%- endfor %}
        coalesce(ln(later.gmv_yi_yuan / earlier.gmv_yi_yuan), 0) as gmv_growth
    from known as earlier
    inner join known as later
        on
            earlier.platform_id = later.platform_id
            and earlier.window_end < later.window_end
            and earlier.unit_counted = later.unit_counted
            and (
                earlier.scenario_id = later.scenario_id
                or earlier.is_report and later.is_report
            )

),

rounded as (

    select
        *,
        cast(to_jobs_wan - from_jobs_wan as decimal(18, 4)) as change_wan,
        gmv_mean = 0 and gmv_change = 0 as has_no_gmv,
        cast(gmv_mean * gmv_growth as decimal(18, 4)) as gmv_effect_wan,
        cast(
            gmv_mean * gmv_ratio_growth + direct_mean * direct_ratio_growth
            as decimal(18, 4)
        ) as ratio_effect_wan,
        cast(content as decimal(18, 4)) as content_effect_wan,
        cast(
            direct_change - direct_mean * direct_ratio_growth as decimal(18, 4)
        ) as exact_direct_wan
    from pairs

),

left_over as (

    select
        *,
        change_wan - gmv_effect_wan - ratio_effect_wan - content_effect_wan as rest_wan
    from rounded

),

-- an input that both sides read, of another window on one side and of two periods
carried_changes as (

    select distinct
        pairs.platform_id,
        pairs.from_scenario_id,
        pairs.from_window_end,
        pairs.scenario_id,
        pairs.window_end
    from pairs
    inner join periods as earlier
        on
            pairs.platform_id = earlier.platform_id
            and pairs.from_scenario_id = earlier.scenario_id
            and pairs.from_window_end = earlier.window_end
    inner join periods as later
        on
            pairs.platform_id = later.platform_id
            and pairs.scenario_id = later.scenario_id
            and pairs.window_end = later.window_end
            and earlier.input_name = later.input_name
            and earlier.period_end != later.period_end
    where not earlier.is_of_window or not later.is_of_window

),

marked as (

    select
        left_over.*,
        carried_changes.platform_id is not null as has_carried_change
    from left_over
    left join carried_changes
        on
            left_over.platform_id = carried_changes.platform_id
            and left_over.from_scenario_id = carried_changes.from_scenario_id
            and left_over.from_window_end = carried_changes.from_window_end
            and left_over.scenario_id = carried_changes.scenario_id
            and left_over.window_end = carried_changes.window_end

),

final as (

    select
        platform_id,
        from_scenario_id,
        {{ scenario_key(scenario='from_scenario_id') }} as from_scenario_key,
        from_window_end,
        {{ window_key(window='from_window_end') }} as from_window_key,
        {{ estimate_key(window='from_window_end', scenario='from_scenario_id') }}
            as from_estimate_key,
        scenario_id,
        {{ scenario_key() }} as scenario_key,
        window_end,
        {{ window_key() }} as window_key,
        {{ estimate_key() }} as estimate_key,
        unit_counted,
        from_jobs_wan,
        to_jobs_wan,
        change_wan,
        gmv_effect_wan,
        cast(
            case when has_no_gmv then 0 else rest_wan - exact_direct_wan end
            as decimal(18, 4)
        ) as intensity_effect_wan,
        ratio_effect_wan,
        content_effect_wan,
        cast(
            case when has_no_gmv then rest_wan else exact_direct_wan end
            as decimal(18, 4)
        ) as direct_effect_wan,
        is_between_reports,
        is_extrapolated,
        has_carried_change
    from marked

)

select * from final

-- What a scenario takes from a merchant sample: productivity by the curve of the
-- sample, with the error of its mean, or its mean beside the published curve.
{%- set branches = [
    ('productivity', 'conf_low', 'productivity_wan_yuan_per_job', 'conf_high',
     'productivity_wan_yuan_per_job', "coefficient_source = 'fitted'"),
    ('mean_turnover', 'mean_turnover_conf_low', 'sample_turnover_wan_yuan',
     'mean_turnover_conf_high', 'mean_turnover_wan_yuan',
     "coefficient_source = 'published' and mean_turnover_source = 'sample'"),
] %}
with windows as (

    select * from {{ ref('int_chain__windows') }}

),

scenarios as (

    select * from {{ ref('dim_scenarios') }}

),

reports as (

    select * from {{ ref('dim_reports') }}

),

productivities as (

    select * from {{ ref('int_chain__productivities') }}

),

samples as (

    select * from {{ ref('int_survey__samples') }}

),

-- nothing but a report says which window a sample is of; it says so for all scenarios
-- that are variants on this sample
sample_windows as (

    select distinct
        scenarios.platform_id,
        scenarios.sample_id,
        reports.window_end
    from reports
    inner join scenarios
        on
            reports.platform_id = scenarios.platform_id
            and reports.scenario_id = scenarios.scenario_id

),

chosen as (

    select
        windows.platform_id,
        windows.window_end,
        windows.scenario_id,
        scenarios.coefficient_source,
        scenarios.sample_id,
        scenarios.mean_turnover_source,
        productivities.mean_turnover_conf_low,
        productivities.mean_turnover_conf_high,
        productivities.productivity_wan_yuan_per_job,
        productivities.conf_low,
        productivities.conf_high,
        sample_windows.window_end is not null as is_of_window,
        case
            when
                scenarios.mean_turnover_source = 'implied'
                and samples.provenance in ('disclosed', 'published')
                then 'derived'
            else samples.provenance
        end as provenance,
        samples.mean_turnover_wan_yuan as sample_turnover_wan_yuan,
        samples.source_id
    from windows
    inner join scenarios
        on
            windows.platform_id = scenarios.platform_id
            and windows.scenario_id = scenarios.scenario_id
    inner join productivities
        on
            scenarios.platform_id = productivities.platform_id
            and scenarios.sample_id = productivities.sample_id
            and scenarios.mean_turnover_source = productivities.mean_turnover_source
            and windows.window_end
            = coalesce(productivities.window_end, windows.window_end)
    inner join samples
        on
            scenarios.platform_id = samples.platform_id
            and scenarios.sample_id = samples.sample_id
    left join sample_windows
        on
            scenarios.platform_id = sample_windows.platform_id
            and scenarios.sample_id = sample_windows.sample_id
            and windows.window_end = sample_windows.window_end

),

final as (

    {% for input_name, low, central, high, stream, condition in branches %}
        select
            platform_id,
            window_end,
            scenario_id,
            '{{ input_name }}' as input_name,
            {{ no_element() }} as element_id,
            {{ low }} as low,
            cast({{ central }} as double) as central,
            {{ high }} as high,
            'normal' as distribution,
            'sampling' as uncertainty_kind,
            '{{ stream }}' as stream,
            is_of_window,
            false as is_carried_forward,
            provenance,
            source_id,
            'survey/merchant_sample.csv' as seed,
            -- made of many
            cast(null as bigint) as seed_line,
            sample_id as reference
        from chosen
        where {{ condition }}
        {{ 'union all' if not loop.last }}
    {% endfor %}

)

select * from final

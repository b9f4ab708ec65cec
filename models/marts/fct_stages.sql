-- What a headline would be if one job were counted for each person, if hours were counted,
-- and if what would exist anyway were deducted. The first is the number as printed; the
-- others are two ends without a centre.
{% set scaled = 'totals.jobs_wan_of_report * 10000 / units.scale' %}

with reports as (

    select * from {{ ref('dim_reports') }}

),

totals as (

    select * from {{ ref('report_totals') }}

),

-- rows of reports whose parts can be distinguished
parts as (

    select * from {{ ref('int_stages__parts') }}

),

inputs as (

    select * from {{ ref('stg_report__stage_parts') }}

),

options as (

    select * from {{ ref('int_stages__options') }}

),

factors as (

    select distinct
        stage,
        input_name,
        part
    from {{ ref('stg_method__stage_factors') }}

),

known_stages as (

    select distinct
        stage,
        stage_order
    from {{ ref('stg_method__stage_factors') }}

),

printed as (

    -- the unit of the largest figure of the report, or 万 where it has no parts
    select
        totals.report_id,
        totals.unit_counted,
        totals.weakest_provenance,
        coalesce(max(inputs.scale_name), 'wan') as scale_name,
        coalesce(max(inputs.scale), 10000) as scale,
        max(totals.jobs_wan_of_report) as jobs_wan,
        max(inputs.reason_zh) as reason_zh,
        max(inputs.reason_en) as reason_en,
        case
            when max(case when inputs.comparator in ('over', 'at_least') then 1 end) = 1 then 'at_least'
            when max(case when inputs.comparator = 'about' then 1 end) = 1 then 'about'
            else 'equal'
        end as comparator,
        count(case when inputs.part != 'none' then 1 end) > 0 as has_parts
    from totals
    left join inputs
        on totals.report_id = inputs.report_id
    group by totals.report_id, totals.unit_counted, totals.weakest_provenance

),

named_options as (

    select
        options.report_id,
        options.option_set,
        factors.stage,
        {% for language, colon, stop, to, open, close in [
            ('zh', '：', '；', '至', '（', '）'), ('en', ': ', '; ', ' to ', ' (', ')')
        ] %}
            string_agg(
                options.input_{{ language }} || '{{ colon }}' || options.name_{{ language }} || '{{ open }}'
                || {{ plain_number('options.low') }} || case
                    when options.low < options.high then '{{ to }}' || {{ plain_number('options.high') }}
                    else ''
                end || '{{ close }}',
                '{{ stop }}' order by options.sort_order
            ) as options_{{ language }},
        {% endfor %}
        string_agg(distinct options.provenance, ', ' order by options.provenance) as provenances
    from options
    inner join (
        select distinct
            factors.stage,
            factors.input_name,
            inputs.report_id
        from factors
        inner join inputs
            on factors.part = inputs.part
    ) as factors
        on
            options.report_id = factors.report_id
            and options.input_name = factors.input_name
    group by options.report_id, options.option_set, factors.stage

),

ends as (

    select
        report_id,
        option_set,
        stage,
        stage_order,
        part,
        dimension,
        low,
        high,
        weakest_provenance,
        weakest_rank
    from parts

    union all

    select
        report_id,
        option_set,
        stage,
        stage_order,
        '-' as part,
        max(dimension) as dimension,
        round(sum(low), 9) as low,
        round(sum(high), 9) as high,
        max_by(weakest_provenance, weakest_rank) as weakest_provenance,
        max(weakest_rank) as weakest_rank
    from parts
    group by report_id, option_set, stage, stage_order

),

final as (

    select
        printed.report_id,
        'gross' as stage,
        0 as stage_order,
        'default' as option_set,
        '-' as part,
        printed.jobs_wan * 10000 / printed.scale as low,
        printed.jobs_wan * 10000 / printed.scale as high,
        printed.comparator,
        'as_printed' as range_kind,
        printed.scale_name || '_' || printed.unit_counted as unit,
        cast(null as {{ dbt.type_string() }}) as options_zh,
        cast(null as {{ dbt.type_string() }}) as options_en,
        printed.weakest_provenance as provenances,
        printed.weakest_provenance,
        cast(null as {{ dbt.type_string() }}) as reason_zh,
        cast(null as {{ dbt.type_string() }}) as reason_en
    from printed

    union all

    select
        ends.report_id,
        ends.stage,
        ends.stage_order,
        ends.option_set,
        ends.part,
        ends.low,
        ends.high,
        printed.comparator,
        case ends.stage
            when 'net' then 'scenario'
            else 'conditional_bounds'
        end as range_kind,
        printed.scale_name || case
            when ends.dimension = 'fte' or ends.stage in ('fte', 'net') then '_fte'
            else '_persons_and_jobs'
        end as unit,
        named_options.options_zh,
        named_options.options_en,
        named_options.provenances,
        ends.weakest_provenance,
        cast(null as {{ dbt.type_string() }}) as reason_zh,
        cast(null as {{ dbt.type_string() }}) as reason_en
    from ends
    inner join printed
        on ends.report_id = printed.report_id
    inner join named_options
        on
            ends.report_id = named_options.report_id
            and ends.option_set = named_options.option_set
            and ends.stage = named_options.stage

    union all

    -- a stage that cannot be had has no ends, and says why
    select
        printed.report_id,
        stages.stage,
        stages.stage_order,
        'default' as option_set,
        '-' as part,
        cast(null as double) as low,
        cast(null as double) as high,
        printed.comparator,
        'not_available' as range_kind,
        printed.scale_name || case stages.stage
            when 'once' then '_persons_and_jobs'
            else '_fte'
        end as unit,
        cast(null as {{ dbt.type_string() }}) as options_zh,
        cast(null as {{ dbt.type_string() }}) as options_en,
        cast(null as {{ dbt.type_string() }}) as provenances,
        cast(null as {{ dbt.type_string() }}) as weakest_provenance,
        coalesce(printed.reason_zh, '没有指明可区分的部分') as reason_zh,
        coalesce(printed.reason_en, 'no parts are named that can be distinguished') as reason_en
    from printed
    cross join known_stages as stages
    where not printed.has_parts

)

select
    reports.platform_id || '/' || cast(reports.window_end as {{ dbt.type_string() }})
    || '/' || reports.scenario_id as estimate_key,
    final.report_id,
    final.stage,
    cast(final.stage_order as bigint) as stage_order,
    final.option_set,
    final.part,
    cast(final.low as decimal(18, 4)) as low,
    cast(final.high as decimal(18, 4)) as high,
    final.comparator,
    final.range_kind,
    final.unit,
    final.options_zh,
    final.options_en,
    final.provenances,
    final.weakest_provenance,
    final.reason_zh,
    final.reason_en
from final
inner join reports
    on final.report_id = reports.report_id

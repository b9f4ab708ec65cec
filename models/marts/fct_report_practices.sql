-- What each report says of its own practice. What the build knows of a report is read
-- off it, and stands behind a row of its own; what neither has was not found.
{%- set counted = {'jobs': '岗位', 'persons': '人', 'fte': '全时当量'} %}
{%- set layer_zh = "case layer when 'direct' then '直接' when 'indirect' then '间接'"
    ~ " else '诱发' end" %}
{%- set answer = "case when is_net then 'yes' else 'no' end" %}
{%- set read_off = [
    ('unit_counted', "'yes'", 'unit_zh', 'unit_counted', 'null', 'null', 'true'),
    ('gross_or_net', answer, "case when is_net then '净额' else '总额' end",
     "case when is_net then 'net' else 'gross' end", 'null', 'null', 'true'),
    ('layers', "'yes'", 'layers_zh', 'layers_en', 'null', 'null', 'layers_en is not null'),
    ('table_year', "'yes'", 'table_year', 'table_year', 'null', 'null',
     'table_year is not null'),
    ('jobs_per_gmv', "'yes'", 'null', 'null', '10000 * jobs_wan_per_yi_yuan',
     "'jobs_per_yi_yuan'", 'jobs_wan_per_yi_yuan is not null and is_in_jobs'),
    ('jobs_per_user', "'yes'", 'null', 'null', 'jobs_wan_of_report / users_yi',
     "'jobs_per_wan_users'", 'users_yi is not null and is_in_jobs'),
] %}
with reports as (

    select * from {{ ref('dim_reports') }}

),

own_rows as (

    select
        *,
        {{ decimal_from_text('value', 18, 4) }} as number
    from {{ ref('report_practices') }}

),

layers as (

    select
        method_id,
        {{ dbt.listagg(layer_zh, "'、'", 'order by layer') }} as layers_zh,
        {{ dbt.listagg('layer', "', '", 'order by layer') }} as layers_en
    from (
        select distinct
            method_id,
            layer
        from {{ ref('dim_components') }}
        where layer is not null
    ) as known_layers
    group by method_id

),

known as (

    select
        headlines.report_id,
        headlines.unit_counted,
        headlines.unit_counted = 'jobs' as is_in_jobs,
        case headlines.unit_counted
            {%- for code, name in counted.items() %}
                when '{{ code }}' then '{{ name }}'
            {%- endfor %}
        end as unit_zh,
        headlines.is_net,
        headlines.jobs_wan_of_report,
        reports.source_id,
        cast(scenarios.table_year as {{ dbt.type_string() }}) as table_year,
        layers.layers_zh,
        layers.layers_en,
        windows.jobs_wan_per_yi_yuan,
        users.number as users_yi
    from {{ ref('headlines_by_report') }} as headlines
    inner join reports
        on headlines.report_id = reports.report_id
    inner join {{ ref('dim_scenarios') }} as scenarios
        on
            headlines.platform_id = scenarios.platform_id
            and headlines.scenario_id = scenarios.scenario_id
    left join layers
        on scenarios.method_id = layers.method_id
    left join {{ ref('kpi_windows') }} as windows
        on
            headlines.platform_id = windows.platform_id
            and headlines.window_end = windows.window_end
            and headlines.scenario_id = windows.scenario_id
    left join own_rows as users
        on
            headlines.report_id = users.report_id
            and users.practice = 'users'

),

said as (

    {% for practice, answer, zh, en, number, unit, condition in read_off %}
        select
            report_id,
            '{{ practice }}' as practice,
            {{ answer }} as answer,
            {{ zh }} as text_zh,
            {{ en }} as text_en,
            cast({{ number }} as decimal(18, 4)) as value,
            {{ unit }} as unit,
            source_id
        from known
        where {{ condition }}
        {{ 'union all' if not loop.last }}
    {% endfor %}

),

final as (

    select
        reports.report_id,
        practices.practice,
        {{ integer_from_text('practices.sort_order') }} as sort_order,
        practices.name_zh,
        practices.name_en,
        practices.question_zh,
        practices.question_en,
        coalesce(own_rows.answer, said.answer, 'not_found') as answer,
        {%- for language, nothing in [
            ('zh', '在可读到的材料中没有找到'), ('en', 'not found in what could be read'),
        ] %}
            case
                when own_rows.report_id is not null then own_rows.text_{{ language }}
                when said.report_id is not null then said.text_{{ language }}
                else '{{ nothing }}'
            end as text_{{ language }},
        {%- endfor %}
        coalesce(own_rows.number, said.value) as value,
        coalesce(own_rows.unit, said.unit) as unit,
        coalesce(own_rows.report_id, said.report_id) is not null as is_found,
        coalesce(own_rows.source_id, said.source_id) as source_id
    from reports
    cross join {{ ref('practices') }}
    left join own_rows
        on
            reports.report_id = own_rows.report_id
            and practices.practice = own_rows.practice
    left join said
        on
            reports.report_id = said.report_id
            and practices.practice = said.practice
    -- a ratio is told where both of it are known
    where said.report_id is not null or practices.practice not like 'jobs_per_%'

)

select * from final

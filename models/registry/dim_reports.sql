-- The reports whose platform this build has, and the one that is shown where only one
-- can be: the first that calls itself the default.
with reports as (

    select
        report_id,
        {{ integer_from_text('sort_order') }} as sort_order,
        platform_id,
        scenario_id,
        {{ date_from_text('window_end') }} as window_end,
        title_zh,
        title_en,
        {{ boolean_from_text('is_default') }} as is_default,
        {{ boolean_from_text('is_net') }} as is_net,
        source_id
    from {{ ref('reports') }}

),

platforms as (

    select * from {{ ref('dim_platforms') }}

),

sources as (

    select * from {{ ref('dim_sources') }}

),

abroad as (

    select distinct report_id
    from {{ ref('report_countries') }}
    where country != 'CN'

),

-- what of the text of a report could be opened
readings as (

    select
        report_id,
        case
            when max(case when what_was_read = 'full_text' then 1 else 0 end) = 1
                then 'full_text'
            when
                max(
                    case
                        when
                            what_was_read in (
                                'abstract', 'opening_of_copy', 'opening_of_method', 'method_paper'
                            )
                            then 1
                        else 0
                    end
                ) = 1
                then 'part'
            else 'none'
        end as text_read
    from {{ ref('audit_readings') }}
    group by report_id

),

final as (

    select
        reports.report_id,
        reports.sort_order,
        reports.platform_id,
        reports.scenario_id,
        {{ scenario_key('reports') }} as scenario_key,
        reports.window_end,
        {{ window_key('reports') }} as window_key,
        {{ estimate_key('reports') }} as estimate_key,
        reports.title_zh,
        reports.title_en,
        row_number() over (
            order by
                reports.is_default desc, reports.sort_order asc, reports.report_id asc
        ) = 1 as is_default,
        reports.is_net,
        abroad.report_id is not null as is_abroad,
        sources.publisher,
        sources.published_on,
        readings.text_read,
        reports.source_id
    from reports
    inner join platforms
        on reports.platform_id = platforms.platform_id
    left join sources
        on reports.source_id = sources.source_id
    left join abroad
        on reports.report_id = abroad.report_id
    left join readings
        on reports.report_id = readings.report_id

)

select * from final

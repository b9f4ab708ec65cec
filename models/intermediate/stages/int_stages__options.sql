-- Which option each factor of a report takes: in the default set those that the report
-- names or else the defaults, in every other set one option instead.
with parts as (

    select * from {{ ref('stg_report__stage_parts') }}

),

factors as (

    select * from {{ ref('stg_method__stage_factors') }}

),

options as (

    select * from {{ ref('dim_stage_options') }}

),

choices as (

    select * from {{ ref('stg_report__stage_choices') }}

),

reports as (

    select * from {{ ref('dim_reports') }}

),

used as (

    select distinct
        parts.report_id,
        factors.input_name
    from parts
    inner join reports
        on parts.report_id = reports.report_id
    inner join factors
        on parts.part = factors.part

),

chosen as (

    select
        used.report_id,
        used.input_name,
        options.option_id,
        options.use
    from used
    left join choices
        on
            used.report_id = choices.report_id
            and used.input_name = choices.input_name
    inner join options
        on
            used.input_name = options.input_name
            and case
                when choices.option_id is null then options.use = 'default'
                else choices.option_id = options.option_id
            end

),

other_options as (

    select
        chosen.report_id,
        options.input_name || '=' || options.option_id as option_set,
        options.input_name,
        options.option_id
    from chosen
    inner join options
        on
            chosen.input_name = options.input_name
            and coalesce(options.report_id, chosen.report_id) = chosen.report_id
    where
        options.use = 'always'
        or (options.use = 'alternative' and chosen.use = 'default')

),

sets as (

    select distinct
        report_id,
        'default' as option_set,
        cast(null as {{ dbt.type_string() }}) as input_name,
        cast(null as {{ dbt.type_string() }}) as option_id
    from chosen

    union all

    select * from other_options

),

final as (

    select
        sets.report_id,
        sets.option_set,
        chosen.input_name,
        options.option_id,
        options.sort_order,
        options.low,
        options.high,
        options.provenance,
        options.provenance_rank,
        options.input_zh,
        options.input_en,
        options.name_zh,
        options.name_en
    from sets
    inner join chosen
        on sets.report_id = chosen.report_id
    inner join options
        on
            chosen.input_name = options.input_name
            and options.option_id = case
                when sets.input_name = chosen.input_name then sets.option_id
                else chosen.option_id
            end

)

select * from final

with scenarios as (

    select * from {{ ref('dim_scenarios') }}

),

cells as (

    select * from {{ ref('scenarios') }}

),

merchants as (

    select * from {{ ref('stg_survey__merchant_counts') }}

),

samples as (

    select distinct
        platform_id,
        sample_id
    from merchants

),

problems as (

    select
        cells.seed_file as seed,
        cells.seed_line,
        scenarios.sample_id as value,
        {{ row_name(['scenarios.platform_id', 'scenarios.scenario_id']) }}
        || ': no merchant is of its sample ' || scenarios.sample_id as problem,
        'bring merchants of it, or delete the scenario: a row of your own there, a'
        || ' shipped one under `without` in inputs.yml' as remedy
    from scenarios
    inner join cells
        on
            scenarios.platform_id = cells.platform_id
            and scenarios.scenario_id = cells.scenario_id
    left join samples
        on
            scenarios.platform_id = samples.platform_id
            and scenarios.sample_id = samples.sample_id
    where
        scenarios.sample_id is not null
        and samples.sample_id is null

)

select * from problems

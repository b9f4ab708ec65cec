with scenarios as (

    select * from {{ ref('dim_scenarios') }}

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
        {{ row_name(['scenarios.platform_id', 'scenarios.scenario_id']) }}
        || ': no merchant is of its sample ' || scenarios.sample_id
        || '; bring merchants of it, or delete the scenario: a row of your own there, a'
        || ' shipped one under `without` in inputs.yml' as problem
    from scenarios
    left join samples
        on
            scenarios.platform_id = samples.platform_id
            and scenarios.sample_id = samples.sample_id
    where
        scenarios.sample_id is not null
        and samples.sample_id is null

)

{{ stop_if_any('problems') }}

with leaf_jobs as (

    select * from {{ ref('int_employment__leaf_jobs') }}

),

leaf_inputs as (

    select * from {{ ref('int_employment__leaf_inputs') }}

),

components as (

    select * from {{ ref('dim_employment_components') }}

),

component_leaves as (

    select * from {{ ref('int_employment__component_leaves') }}

),

coverage as (

    select * from {{ ref('aud_estimate_coverage') }}

),

provenance_kinds as (

    select * from {{ ref('stg_reference__provenance_kinds') }}

),

jobs as (

    select
        leaf_jobs.platform_id,
        leaf_jobs.window_end,
        leaf_jobs.scenario_id,
        component_leaves.component_id,
        cast(sum(leaf_jobs.jobs_wan) as decimal(18, 4)) as jobs_wan
    from leaf_jobs
    inner join component_leaves
        on leaf_jobs.component_id = component_leaves.leaf_component_id
    group by
        leaf_jobs.platform_id,
        leaf_jobs.window_end,
        leaf_jobs.scenario_id,
        component_leaves.component_id

),

input_provenance as (

    select distinct
        leaf_inputs.platform_id,
        leaf_inputs.window_end,
        leaf_inputs.scenario_id,
        component_leaves.component_id,
        provenance_kinds.provenance,
        provenance_kinds.provenance_rank
    from leaf_inputs
    inner join component_leaves
        on leaf_inputs.component_id = component_leaves.leaf_component_id
    inner join provenance_kinds
        on leaf_inputs.provenance = provenance_kinds.provenance

),

provenance as (

    select
        platform_id,
        window_end,
        scenario_id,
        component_id,
        max(provenance_rank) as weakest_provenance_rank,
        {{ dbt.listagg('provenance', "', '", 'order by provenance_rank') }}
            as input_provenance
    from input_provenance
    group by platform_id, window_end, scenario_id, component_id

),

final as (

    select
        jobs.platform_id,
        jobs.window_end,
        jobs.scenario_id,
        jobs.component_id,
        components.is_leaf,
        jobs.jobs_wan,
        provenance.input_provenance,
        provenance_kinds.provenance as weakest_provenance
    from jobs
    inner join coverage
        on
            jobs.platform_id = coverage.platform_id
            and jobs.window_end = coverage.window_end
            and jobs.scenario_id = coverage.scenario_id
            and coverage.is_estimated
    inner join components
        on jobs.component_id = components.component_id
    inner join provenance
        on
            jobs.platform_id = provenance.platform_id
            and jobs.window_end = provenance.window_end
            and jobs.scenario_id = provenance.scenario_id
            and jobs.component_id = provenance.component_id
    inner join provenance_kinds
        on provenance.weakest_provenance_rank = provenance_kinds.provenance_rank

)

select * from final

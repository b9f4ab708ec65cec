-- The method of each report calculated in its window and scenario: every input and
-- every step that has a value, with the role that it plays. The GMV disclosures of the
-- platform are next to them: a GMV that is built from several reads those.
with reports as (

    select * from {{ ref('dim_reports') }}

),

steps as (

    select * from {{ ref('int_chain__steps') }}

),

inputs as (

    select * from {{ ref('int_chain__all_inputs') }}

),

known_inputs as (

    select * from {{ ref('dim_inputs') }}

),

known_steps as (

    select * from {{ ref('dim_steps') }}

),

units as (

    select * from {{ ref('dim_units') }}

),

disclosures as (

    select * from {{ ref('stg_platform__gmv_disclosures') }}

),

final as (

    select
        reports.report_id,
        steps.step_id,
        steps.element_id,
        steps.is_input,
        steps.component_id,
        coalesce(known_steps.role, known_inputs.role) as role,
        coalesce(known_steps.name_zh, known_inputs.name_zh) as name_zh,
        coalesce(known_steps.name_en, known_inputs.name_en) as name_en,
        cast(steps.value as decimal(38, 10)) as value,
        steps.unit,
        cast(steps.value as double) * units.scale as amount,
        -- one that is given is not calculated; an input without a line is built from
        -- several
        case
            when inputs.seed_line is null and steps.is_input then inputs.reference
            when not steps.is_overridden then steps.formula
        end as formula,
        case
            when inputs.seed_line is null and steps.is_input
                -- such as +q1 +q2
                then trim(regexp_replace(inputs.reference, '[^a-z0-9_]+', ' ', 'g'))
            when not steps.is_overridden then steps.operands
        end as operands,
        steps.calculation,
        steps.rests_on,
        steps.input_provenance,
        steps.weakest_provenance,
        steps.source_id,
        coalesce(steps.source_id = reports.source_id, false) as is_of_report,
        steps.seed,
        steps.seed_line,
        coalesce(known_steps.evaluation_order, 0) as evaluation_order
    from reports
    inner join steps
        on
            reports.platform_id = steps.platform_id
            and reports.window_end = cast(steps.window_end as date)
            and reports.scenario_id = steps.scenario_id
    inner join units
        on steps.unit = units.unit
    left join inputs
        on
            steps.is_input
            and steps.platform_id = inputs.platform_id
            and cast(steps.window_end as date) = inputs.window_end
            and steps.scenario_id = inputs.scenario_id
            and steps.step_id = inputs.input_name
            and steps.element_id = inputs.element_id
    left join known_inputs
        on steps.step_id = known_inputs.input_name
    left join known_steps
        on
            steps.method_id = known_steps.method_id
            and steps.step_id = known_steps.step_id
    where steps.value is not null

    union all

    select
        reports.report_id,
        disclosures.disclosure_id as step_id,
        '-' as element_id,
        true as is_input,
        null as component_id,
        'disclosure' as role,
        '披露的电商交易额' as name_zh,
        'disclosed GMV' as name_en,
        disclosures.gmv_yi_yuan as value,
        'yi_yuan' as unit,
        cast(disclosures.gmv_yi_yuan as double) * 100000000 as amount,
        null as formula,
        null as operands,
        null as calculation,
        disclosures.disclosure_id as rests_on,
        disclosures.provenance as input_provenance,
        disclosures.provenance as weakest_provenance,
        disclosures.source_id,
        coalesce(disclosures.source_id = reports.source_id, false) as is_of_report,
        disclosures.seed,
        disclosures.seed_line,
        0 as evaluation_order
    from reports
    inner join disclosures
        on reports.platform_id = disclosures.platform_id

)

select * from final

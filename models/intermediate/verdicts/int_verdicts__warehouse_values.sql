-- Every warehouse value that a figure of the report can be set beside or that is a
-- step of its calculation, one a row.
with warehouse_values as (

    {{ to_long_form(
        ref('stg_platform__gmv_disclosures'), ['disclosure_id'], ['gmv_yi_yuan']
    ) }}
    union all
    {{ to_long_form(
        ref('stg_platform__creators_with_income'),
        ['platform_id', 'period_start'],
        ['creators_wan']
    ) }}
    union all
    {{ to_long_form(
        ref('stg_platform__creator_tiers'),
        ['platform_id', 'period_start', 'tier_id'],
        ['creators_wan', 'team_share', 'team_members']
    ) }}
    union all
    {{ to_long_form(
        ref('stg_platform__institutions'),
        ['platform_id', 'period_start', 'institution_type_id'],
        ['organisations']
    ) }}
    union all
    {{ to_long_form(
        ref('stg_platform__published_coefficients'),
        ['platform_id', 'window_end'],
        ['intercept', 'turnover', 'turnover_squared', 'merchant_jobs_wan']
    ) }}
    union all
    {{ to_long_form(
        ref('stg_economy__input_output_totals'),
        ['table_year', 'origin'],
        ['intermediate_use_yi_yuan', 'final_use_yi_yuan']
    ) }}
    union all
    {{ to_long_form(
        ref('int_verdicts__employment_classes'), ['report_id', 'group_en'], ['classes']
    ) }}
    union all
    {{ to_long_form(
        ref('fct_gmv'),
        ['platform_id', 'period_type', 'period_end'],
        ['gmv_yi_yuan'],
        source_id='null'
    ) }}
    union all
    {{ to_long_form(
        ref('int_content__team_shares'),
        ['platform_id', 'period_start', 'assumption_level'],
        ['team_share_percent'],
        source_id='null'
    ) }}
    union all
    {{ to_long_form(
        ref('int_content__team_jobs'),
        ['platform_id', 'period_start', 'tier_id', 'assumption_level'],
        ['jobs_wan']
    ) }}
    union all
    {{ to_long_form(
        ref('int_content__institution_jobs'),
        ['platform_id', 'period_start', 'institution_type_id', 'assumption_level'],
        ['organisations', 'average_staff', 'jobs_wan']
    ) }}
    union all
    {{ to_long_form(
        ref('int_economy__supply_chain_ratios'),
        ['table_year', 'ratio_definition'],
        ['unrounded_supply_chain_ratio', 'supply_chain_ratio']
    ) }}
    union all
    {{ to_long_form(
        ref('rpt_table_2_2__merchant_jobs'),
        ['platform_id'],
        ['mean_turnover_wan_yuan', 'productivity_wan_yuan_per_job'],
        provenance='weakest_provenance',
        source_id='null'
    ) }}
    union all
    {{ to_long_form(
        ref('rpt_figure_2_3__employment_scale'),
        ['platform_id', 'component_id'],
        ['jobs_wan'],
        provenance='weakest_provenance',
        source_id='null'
    ) }}

),

final as (

    select
        model_name,
        row_key,
        column_name,
        value,
        provenance as weakest_provenance,
        source_id
    from warehouse_values

)

select * from final

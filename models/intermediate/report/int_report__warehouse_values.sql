-- Every warehouse value that a figure of the report can be set beside, one a row.
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
        ref('stg_platform__published_coefficients'),
        ['platform_id', 'window_end'],
        ['intercept', 'turnover', 'turnover_squared']
    ) }}
    union all
    {{ to_long_form(
        ref('fct_gmv'), ['platform_id', 'period_type', 'period_end'], ['gmv_yi_yuan']
    ) }}
    union all
    {{ to_long_form(
        ref('int_content__team_shares'),
        ['platform_id', 'period_start', 'assumption_level'],
        ['team_share_percent']
    ) }}
    union all
    {{ to_long_form(
        ref('int_economy__supply_chain_ratios'),
        ['table_year', 'ratio_definition'],
        ['unrounded_supply_chain_ratio']
    ) }}
    union all
    {{ to_long_form(
        ref('rpt_figure_2_3__employment_scale'),
        ['platform_id', 'component_id'],
        ['jobs_wan'],
        provenance='weakest_provenance'
    ) }}

),

final as (

    select
        model_name,
        row_key,
        column_name,
        value,
        provenance as weakest_provenance
    from warehouse_values

)

select * from final

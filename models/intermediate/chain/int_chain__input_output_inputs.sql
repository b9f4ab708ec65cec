-- What input-output tables offer, whatever the platform and window: the totals that the
-- ratio of the report is made of, and multipliers that may take the place of it.
with totals as (

    select * from {{ ref('stg_economy__input_output_totals') }}

),

multipliers as (

    select * from {{ ref('est_multipliers') }}
    where
        record = 'multiplier'
        and multiplier_type = 'type_1'
        and quantity in ('output', 'jobs')

),

offered as (

    {% for input_name in ['intermediate_use', 'final_use'] %}
        select
            {{ settings_text({
                'ratio_kind': "'use'",
                'import_convention': "case origin when 'total' then 'as_home_made'"
                ~ " else origin end",
                'table_year': 'table_year',
                'demand': "'all_final_use'",
            }) }} as settings,
            '{{ input_name }}' as input_name,
            cast({{ input_name }}_yi_yuan as double) as central,
            provenance,
            source_id,
            seed,
            seed_line,
            cast(table_year as {{ dbt.type_string() }}) || ' ' || origin as reference
        from totals
        where origin in ('total', 'domestic')

        union all

    {% endfor %}

    select
        {{ settings_text({
            'ratio_kind': 'quantity',
            'import_convention': 'import_convention',
            'table_id': 'table_id',
            'demand': "coalesce(sector_code, 'all_final_use')",
        }) }} as settings,
        'ratio_of_use' as input_name,
        indirect_over_direct as central,
        provenance,
        source_id,
        -- made of many cells
        'seeds/economy/input_output_flows.csv' as seed,
        cast(null as bigint) as seed_line,
        table_id || ' ' || quantity || ' ' || import_convention || ' '
        || coalesce(sector_code, 'all_final_use') as reference
    from multipliers

),

final as (

    select
        cast(null as {{ dbt.type_string() }}) as platform_id,
        cast(null as date) as window_end,
        cast(null as {{ dbt.type_string() }}) as scenario_id,
        settings,
        input_name,
        {{ no_element() }} as element_id,
        cast(null as double) as low,
        central,
        cast(null as double) as high,
        cast(null as {{ dbt.type_string() }}) as distribution,
        cast(null as {{ dbt.type_string() }}) as uncertainty_kind,
        input_name as stream,
        true as is_of_window,
        false as is_carried_forward,
        provenance,
        source_id,
        seed,
        seed_line,
        reference
    from offered

)

select * from final

-- GMV of the window, off by what rounding left of its disclosures.
with windows as (

    select * from {{ ref('int_chain__windows') }}

),

trailing_gmv as (

    select * from {{ ref('int_gmv__trailing_four_quarters') }}

),

disclosures as (

    select * from {{ ref('stg_platform__gmv_disclosures') }}

),

final as (

    select
        windows.platform_id,
        windows.window_end,
        windows.scenario_id,
        'gmv' as input_name,
        {{ no_element() }} as element_id,
        cast(
            trailing_gmv.gmv_yi_yuan - trailing_gmv.half_width_yi_yuan as double
        ) as low,
        cast(trailing_gmv.gmv_yi_yuan as double) as central,
        cast(
            trailing_gmv.gmv_yi_yuan + trailing_gmv.half_width_yi_yuan as double
        ) as high,
        'uniform' as distribution,
        'rounding' as uncertainty_kind,
        'gmv ' || cast(windows.window_end as {{ dbt.type_string() }}) as stream,
        true as is_of_window,
        false as is_carried_forward,
        trailing_gmv.provenance,
        -- a sum of several disclosures has no line and no source of its own
        disclosures.source_id,
        coalesce(disclosures.seed, 'seeds/platform/gmv_disclosures.csv') as seed,
        disclosures.seed_line,
        trailing_gmv.formula as reference
    from windows
    inner join trailing_gmv
        on
            windows.platform_id = trailing_gmv.platform_id
            and windows.window_start = trailing_gmv.window_start
            and windows.window_end = trailing_gmv.window_end
    left join disclosures
        on
            trailing_gmv.platform_id = disclosures.platform_id
            and trailing_gmv.formula = '+' || disclosures.disclosure_id

)

select * from final

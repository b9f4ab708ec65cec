-- Inputs from input-output tables, for every platform and reference period: the totals
-- of the report's ratio, and multipliers that may replace the ratio. One number belongs
-- to each combination of four decisions: ratio, table, imports and demand.
with totals as (

    select * from {{ ref('stg_economy__input_output_totals') }}

),

multipliers as (

    select * from {{ ref('est_multipliers') }}
    where
        record = 'multiplier'
        and multiplier_type = 'type_1'
        and quantity in ('output', 'jobs')
        -- a table in another currency belongs to a second publisher: it is shown next to the
        -- first and is no option of a method
        and money_unit = 'yi_yuan'

),

-- the option of a table is its year; of a second table of one year, its name
tables as (

    select
        table_id,
        case
            when row_number() over (partition by table_year order by table_id) = 1
                then cast(table_year as varchar)
            else table_id
        end as option_id
    from (select distinct
        table_id,
        table_year
    from multipliers) as known

),

numbers as (

    {% for input_name in ['intermediate_use', 'final_use'] %}
        select
            'use' as ratio,
            cast(table_year as varchar) as table_option,
            case when origin = 'total' then 'as_home_made' else origin end as imports,
            'all_final_use' as demand,
            '{{ input_name }}' as input_name,
            cast({{ input_name }}_yi_yuan as double) as central,
            provenance,
            source_id,
            seed,
            seed_line,
            cast(table_year as varchar) || ' ' || origin as reference
        from totals
        where origin in ('total', 'domestic')

        union all

    {% endfor %}

    select
        multipliers.quantity as ratio,
        tables.option_id as table_option,
        multipliers.import_convention as imports,
        -- a demand without an option of its name has the one of its code
        case coalesce(multipliers.sector_code, 'all_final_use')
            when 'TC' then 'consumption'
            when 'GOODS' then 'goods'
            when '28' then 'trade'
            when 'EX' then 'exports'
            else lower(coalesce(multipliers.sector_code, 'all_final_use'))
        end as demand,
        'ratio_of_use' as input_name,
        multipliers.indirect_over_direct as central,
        multipliers.provenance,
        multipliers.source_id,
        -- computed from many cells
        'seeds/economy/input_output_flows.csv' as seed,
        cast(null as bigint) as seed_line,
        multipliers.table_id || ' ' || multipliers.quantity || ' '
        || multipliers.import_convention || ' '
        || coalesce(multipliers.sector_code, 'all_final_use') as reference
    from multipliers
    inner join tables
        on multipliers.table_id = tables.table_id

),

final as (

    select
        cast(null as varchar) as method_id,
        cast(null as varchar) as platform_id,
        cast(null as date) as window_end,
        [
            'ratio=' || ratio,
            'table=' || table_option,
            'imports=' || imports,
            'demand=' || demand
        ] as options,
        3 as priority,
        input_name,
        '-' as element_id,
        cast(null as double) as low,
        central,
        cast(null as double) as high,
        cast(null as varchar) as distribution,
        cast(null as varchar) as uncertainty_kind,
        input_name as stream,
        true as is_of_window,
        false as is_carried_forward,
        provenance,
        source_id,
        seed,
        seed_line,
        reference
    from numbers

)

select * from final

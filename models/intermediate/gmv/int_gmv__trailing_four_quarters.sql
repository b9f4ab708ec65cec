-- Twelve months ending with each quarter, tiled without gap or overlap by disclosed
-- periods and, where nothing else is disclosed, by quarters derived from them: one that
-- is disclosed is there already as its disclosure.
with recursive provenance_kinds as (

    select * from {{ ref('dim_provenance_kinds') }}

),

periods as (

    select
        platform_id,
        period_start,
        period_end,
        '+' || disclosure_id as formula,
        gmv_yi_yuan,
        half_width_yi_yuan,
        provenance
    from {{ ref('stg_platform__gmv_disclosures') }}
    where superseded_by is null

    union all

    select
        platform_id,
        quarter_start as period_start,
        quarter_end as period_end,
        '+(' || formula || ')' as formula,
        gmv_yi_yuan,
        half_width_yi_yuan,
        provenance
    from {{ ref('int_gmv__quarters') }}
    where number_of_disclosures > 1

),

tiles as (

    select
        periods.*,
        {{ add_to_date('day', 1, 'periods.period_end') }} as next_start,
        provenance_kinds.provenance_rank
    from periods
    inner join provenance_kinds
        on periods.provenance = provenance_kinds.provenance

),

tilings as (

    select
        platform_id,
        period_start as window_start,
        next_start,
        cast(formula as varchar) as formula,
        1 as number_of_periods,
        gmv_yi_yuan,
        half_width_yi_yuan,
        provenance_rank
    from tiles

    union all

    select
        tilings.platform_id,
        tilings.window_start,
        tiles.next_start,
        tilings.formula || ' ' || tiles.formula as formula,
        tilings.number_of_periods + 1 as number_of_periods,
        cast(tilings.gmv_yi_yuan + tiles.gmv_yi_yuan as decimal(18, 4)) as gmv_yi_yuan,
        cast(
            tilings.half_width_yi_yuan + tiles.half_width_yi_yuan as decimal(18, 4)
        ) as half_width_yi_yuan,
        greatest(tilings.provenance_rank, tiles.provenance_rank) as provenance_rank
    from tilings
    inner join tiles
        on
            tilings.platform_id = tiles.platform_id
            and tilings.next_start = tiles.period_start
    where tiles.next_start <= {{ add_to_date('month', 12, 'tilings.window_start') }}

),

windows as (

    select
        *,
        row_number() over (
            partition by platform_id, window_start
            order by
                provenance_rank, number_of_periods, half_width_yi_yuan, formula
        ) as preference
    from tilings
    where next_start = {{ add_to_date('month', 12, 'window_start') }}

),

final as (

    select
        windows.platform_id,
        windows.window_start,
        {{ add_to_date('day', -1, 'windows.next_start') }} as window_end,
        windows.gmv_yi_yuan,
        windows.half_width_yi_yuan,
        windows.number_of_periods,
        windows.formula,
        provenance_kinds.provenance
    from windows
    inner join provenance_kinds
        on windows.provenance_rank = provenance_kinds.provenance_rank
    where windows.preference = 1

)

select * from final

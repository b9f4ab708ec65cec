-- "Over" leaves the upper end open, and "about" half a unit of the last digit that is
-- not zero.
with source as (

    select * from {{ ref('creators_with_income') }}

),

reports as (

    select * from {{ ref('reports') }}

),

typed as (

    select
        platform_id,
        {{ date_from_text('period_start') }} as period_start,
        {{ date_from_text('period_end') }} as period_end,
        {{ decimal_from_text('creators_wan', 18, 4) }} as creators_wan,
        comparator,
        {{ provenance_of(['platform_id']) }} as provenance,
        source_id,
        note,
        seed_file as seed,
        seed_line
    from source

),

about as (

    select
        *,
        case
            {% for unit in [10000, 1000, 100, 10, 1, 0.1, 0.01, 0.001] %}
                when creators_wan % {{ unit }} = 0 then {{ '%.4f' % (unit / 2) }}
            {% endfor %}
            else 0
        end as half_width_wan
    from typed

),

final as (

    select
        platform_id,
        period_start,
        period_end,
        creators_wan,
        comparator,
        case comparator
            when 'over' then creators_wan
            when 'at_least' then creators_wan
            when 'up_to' then 0
            when 'about' then creators_wan - half_width_wan
        end as low_wan,
        case comparator
            when 'up_to' then creators_wan
            when 'about' then creators_wan + half_width_wan
        end as high_wan,
        provenance,
        source_id,
        note,
        seed,
        seed_line
    from about

)

select * from final

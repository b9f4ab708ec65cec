-- Employed persons by sector as reconstructed, and the same scaled so that the three industries
-- have their official shares. Without these shares nothing is scaled.
with employment as (

    select
        table_id,
        sector_code,
        {{ integer_from_text('year') }} as year,
        {{ decimal_from_text('employed_persons_wan', 18, 4) }} as employed_persons_wan,
        provenance,
        source_id,
        seed_file as seed,
        seed_line
    from {{ ref('sector_employment_reconstruction') }}

),

sector_industries as (

    select * from {{ ref('sector_industries') }}

),

official as (

    select
        {{ integer_from_text('year') }} as year,
        industry,
        {{ decimal_from_text('official_percent', 8, 4) }} as official_percent
    from {{ ref('industry_shares') }}

),

shares as (

    select
        employment.*,
        sector_industries.industry,
        official.official_percent,
        100 * sum(employment.employed_persons_wan) over (
            partition by employment.table_id, sector_industries.industry
        ) / sum(employment.employed_persons_wan) over (partition by employment.table_id)
            as reconstructed_percent,
        -- a table of which one sector has no industry is not scaled
        bool_and(official.official_percent is not null) over (
            partition by employment.table_id
        ) as has_official_shares
    from employment
    left join sector_industries
        on
            employment.table_id = sector_industries.table_id
            and employment.sector_code = sector_industries.sector_code
    left join official
        on
            employment.year = official.year
            and sector_industries.industry = official.industry

),

final as (

    select
        table_id,
        sector_code,
        year,
        employed_persons_wan,
        industry,
        official_percent,
        cast(reconstructed_percent as decimal(12, 6)) as reconstructed_percent,
        case
            when has_official_shares
                then
                    cast(
                        employed_persons_wan * official_percent / reconstructed_percent
                        as decimal(18, 6)
                    )
        end as scaled_persons_wan,
        provenance,
        source_id,
        seed,
        seed_line
    from shares

)

select * from final

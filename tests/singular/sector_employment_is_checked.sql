-- Employment by sector is a reconstruction: its total is the official one of the same series, and
-- where a share of the three industries is off by more than a point multipliers have both versions.
with employment as (

    select * from {{ ref('int_economy__sector_employment') }}

),

totals as (

    select
        table_id,
        max(year) as year,
        count(distinct year) as years,
        sum(employed_persons_wan) as employed_persons_wan,
        max(abs(reconstructed_percent - official_percent)) as gap_points,
        min(seed) as seed
    from employment
    group by table_id

),

national as (

    select * from {{ ref('stg_economy__national_employment') }}

),

multipliers as (

    select
        table_id,
        count(indirect_over_direct) as jobs_multipliers,
        count(indirect_over_direct_scaled) as scaled_multipliers
    from {{ ref('fct_multipliers') }}
    where quantity = 'jobs'
    group by table_id

),

problems as (

    select
        totals.seed,
        totals.table_id || ': the sectors have ' || totals.employed_persons_wan
        || ' wan persons, the country ' || national.employed_persons_wan as problem,
        'both must be of one series, and differ by at most 0.1 percent' as remedy
    from totals
    inner join national
        on totals.year = national.year
    where
        abs(totals.employed_persons_wan / national.employed_persons_wan - 1) > 0.001

    union all

    select
        totals.seed,
        totals.table_id || ': employment of ' || totals.years || ' years' as problem,
        'take one year: the series before and after the revision of 2020 do not mix' as remedy
    from totals
    where totals.years > 1

    union all

    select
        'seeds/economy/industry_shares.csv' as seed,
        shares.year || ': the series ' || shares.series || ', the national total is of the other'
            as problem,
        'take both before or both after the revision of 2020' as remedy
    from {{ ref('fct_industry_shares') }} as shares
    inner join national
        on shares.year = national.year
    inner join totals
        on shares.year = totals.year
    where
        (shares.series = 'before_revision')
        != (national.note like '%before its revision%')

    union all

    select
        totals.seed,
        totals.table_id || ': an industry is ' || round(totals.gap_points, 1)
        || ' points off its official share, and ' || multipliers.scaled_multipliers || ' of '
        || multipliers.jobs_multipliers || ' jobs multipliers have a scaled version' as problem,
        'add the sectors to economy/sector_industries.csv' as remedy
    from totals
    inner join multipliers
        on totals.table_id = multipliers.table_id
    where
        totals.gap_points > 1
        and multipliers.scaled_multipliers < multipliers.jobs_multipliers

)

select
    seed,
    cast(null as bigint) as seed_line,
    problem,
    remedy
from problems

-- Faults of a declared design, each of which would give errors that mean nothing.
with designs as (

    select * from {{ ref('stg_survey__merchant_designs') }}

),

cells as (

    select * from {{ ref('merchant_designs') }}

),

samples as (

    select * from {{ ref('int_survey__samples') }}

),

totals as (

    select * from {{ ref('stg_survey__population_totals') }}

),

by_sample as (

    select
        platform_id,
        sample_id,
        count(*) as merchants,
        count(stratum) as with_stratum,
        count(cluster_id) as with_cluster,
        count(population_size) as with_population
    from designs
    group by platform_id, sample_id

),

strata as (

    select
        platform_id,
        sample_id,
        coalesce(stratum, '-') as stratum,
        min(population_size) as lowest_size,
        max(population_size) as highest_size,
        count(distinct coalesce(cluster_id, merchant_id)) as drawn
    from designs
    group by platform_id, sample_id, coalesce(stratum, '-')

),

clusters as (

    select
        platform_id,
        sample_id,
        cluster_id,
        min(stratum) as one_stratum,
        max(stratum) as another_stratum
    from designs
    where cluster_id is not null
    group by platform_id, sample_id, cluster_id

),

classes as (

    select
        *,
        lead(size_class_low) over (
            partition by platform_id, sample_id order by size_class_low nulls first
        ) as next_low
    from totals
    where size_class_low is not null or size_class_high is not null

),

problems as (

    select
        platform_id,
        sample_id,
        'stratum ' || stratum || ': population_size is ' || lowest_size || ' and '
        || highest_size || ', one number per stratum' as problem
    from strata
    where lowest_size != highest_size

    union all

    select
        platform_id,
        sample_id,
        'stratum ' || stratum || ': ' || drawn || ' drawn of ' || highest_size
            as problem
    from strata
    where drawn > highest_size

    union all

    select
        platform_id,
        sample_id,
        'cluster ' || cluster_id || ' is in strata ' || one_stratum || ' and '
        || another_stratum as problem
    from clusters
    where one_stratum != another_stratum

    union all

    select
        by_sample.platform_id,
        by_sample.sample_id,
        'survey/merchant_designs.csv has ' || by_sample.merchants
        || ' merchants, the sample ' || coalesce(samples.nobs, 0) as problem
    from by_sample
    left join samples
        on
            by_sample.platform_id = samples.platform_id
            and by_sample.sample_id = samples.sample_id
    where by_sample.merchants != coalesce(samples.nobs, 0)

    union all

    {% for column_name, count_name in [
        ('stratum', 'with_stratum'),
        ('cluster_id', 'with_cluster'),
        ('population_size', 'with_population'),
    ] %}
        select
            platform_id,
            sample_id,
            '{{ column_name }} is given for ' || {{ count_name }} || ' of ' || merchants
            || ' merchants: all or none' as problem
        from by_sample
        where {{ count_name }} not in (0, merchants)
        union all
    {% endfor %}

    select
        platform_id,
        sample_id,
        'size class ' || size_class || ' ends at '
        || coalesce(cast(size_class_high as varchar), 'no bound')
        || ', the next begins at '
        || coalesce(cast(next_low as varchar), 'no bound')
        || ': classes cover all turnovers once' as problem
    from classes
    where size_class_high is distinct from next_low

),

-- the first line of the sample, to find it by
located as (

    select
        problems.*,
        min(cells.seed_file) as seed,
        min(cells.seed_line) as seed_line
    from problems
    left join cells
        on
            problems.platform_id = cells.platform_id
            and problems.sample_id = cells.sample_id
    group by problems.platform_id, problems.sample_id, problems.problem

)

select
    seed,
    seed_line,
    sample_id as value,
    {{ row_name(['platform_id', 'sample_id']) }} || ': ' || problem as problem,
    'correct the rows of the sample in survey/merchant_designs.csv or'
    || ' survey/population_totals.csv' as remedy
from located

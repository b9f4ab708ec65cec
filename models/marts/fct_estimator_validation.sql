-- How far each estimator is from a headcount that is known, on firms that are on no platform.
with results as (

    select * from {{ ref('estimator_validation') }}

),

samples as (

    select * from {{ ref('firm_samples') }}

),

estimators as (

    select * from {{ ref('dim_estimators') }}

),

final as (

    select
        samples.sample_id,
        results.estimator_id,
        cast(samples.sort_order as bigint) as sort_order,
        samples.title_zh,
        samples.title_en,
        samples.country,
        cast(samples.year as bigint) as year,
        estimators.name_zh,
        estimators.name_en,
        cast(results.firms as bigint) as firms,
        cast(results.known_headcount as double) as known_headcount,
        cast(results.whole_error_share as double) as whole_error_share,
        cast(results.unseen_error_median as double) as unseen_error_median,
        cast(results.unseen_error_low as double) as unseen_error_low,
        cast(results.unseen_error_high as double) as unseen_error_high,
        cast(results.interval_coverage as double) as interval_coverage,
        cast(results.splits as bigint) as splits,
        cast(results.splits_estimated as bigint) as splits_estimated,
        cast(results.r_squared as double) as r_squared,
        cast(results.permuted_r_squared as double) as permuted_r_squared,
        samples.turnover_zh,
        samples.turnover_en,
        samples.imputed_zh,
        samples.imputed_en,
        samples.package,
        samples.version,
        samples.sha256,
        results.computed_with
    from results
    inner join samples
        on results.sample_id = samples.sample_id
    inner join estimators
        on results.estimator_id = estimators.estimator_id

)

select * from final

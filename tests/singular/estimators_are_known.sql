-- Apart from the references of inputs: `platform-employment check` makes no estimate.
{{ stop_if_unknown([
    ('est_estimator_comparison', 'estimator_id',
     'dim_estimators', 'estimator_id'),
]) }}

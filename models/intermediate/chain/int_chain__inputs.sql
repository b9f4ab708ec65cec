-- The inputs of the estimates that use no merchant sample.
{{ selected_inputs('scenarios.sample_id is null', ref('int_inputs__rows')) }}

-- The inputs of the estimates that use a merchant sample.
{{ selected_inputs('scenarios.sample_id is not null', ref('int_inputs__all_rows')) }}

{{ component_jobs('components.is_leaf', ref('est_steps')) }}

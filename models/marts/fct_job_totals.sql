{{ component_jobs('not components.is_leaf', ref('int_chain__steps')) }}

{{ component_jobs('not components.is_leaf') }}

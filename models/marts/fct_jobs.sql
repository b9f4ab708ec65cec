{{ component_jobs('components.is_leaf') }}

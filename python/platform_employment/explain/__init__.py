"""Questions to a build or a release: where a number comes from, and what another one would give."""

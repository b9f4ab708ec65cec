"""Documentation of a build that opens from disk: pages, lineage of columns, README block."""

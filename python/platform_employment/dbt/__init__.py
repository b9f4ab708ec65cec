"""Running dbt: what a build reads, the plugin on its connection, the run and what it leaves.

It knows validation; neither they nor a release or a page is known to the other.
"""

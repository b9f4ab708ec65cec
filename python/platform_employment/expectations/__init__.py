"""Expectations on the marts: suites of Great Expectations as JSON, judged by Great Expectations.

A suite is in `suites/<mart>.json` in Great Expectations' own form. Its `meta` names the key of
the mart, and whether a build may have no row of it. Keys, missing values and sets of values are
tests of dbt; a suite has the bounds and orders of numbers. That the headline figures of reports
result as published is expected of each pinned figure of `aud_figure_reconciliation`.
"""

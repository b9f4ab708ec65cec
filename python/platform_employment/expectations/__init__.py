"""Expectations: suites as data, Great Expectations as the judge, one row per expectation."""

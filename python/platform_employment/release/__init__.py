"""Releases: build a warehouse aside, audit it as a whole, publish it with one atomic step.

docs/releases.md says what a release holds, what is promised, and how to check it.
"""

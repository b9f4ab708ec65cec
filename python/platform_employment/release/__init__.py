"""Releases: build in a separate folder, verify the result, publish it in one atomic step.

docs/reference/release-format.md describes the content and the guarantees of a release.
"""

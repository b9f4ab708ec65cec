"""Puts a release into PostgreSQL, for tools that read from a server."""

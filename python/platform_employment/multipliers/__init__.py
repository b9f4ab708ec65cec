"""Multipliers from input-output tables: tables, checks, multipliers, and the wide layout."""

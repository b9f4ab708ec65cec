"""The forms in which a release holds its tables for others: one module for each."""

"""Equation 2.1 and its rivals on merchant samples: moments, fits, intervals, diagnostics."""

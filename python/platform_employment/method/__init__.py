"""The method of a report as data: formulas, units, steps, draws."""

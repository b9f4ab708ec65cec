"""Platform employment estimates: estimation, expectations, input gates and releases."""

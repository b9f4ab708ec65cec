"""Platform employment estimates: estimation, validation and releases."""

from platform_employment.frames import load

__all__ = ["load"]

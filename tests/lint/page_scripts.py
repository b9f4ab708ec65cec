"""Lints the scripts of the pages: `make lint` runs it."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from importlib.resources import files
from pathlib import Path

BIOME = Path(sys.executable).with_name("biome")
CONFIG = {
    # the method of a report, which its page has in a script before
    "javascript": {"globals": ["METHOD"]},
    "linter": {
        "enabled": True,
        "rules": {
            "recommended": True,
            "correctness": {"noUndeclaredVariables": "error"},
            "suspicious": {"noRedundantUseStrict": "off"},  # classic scripts are not strict
        },
    },
    "formatter": {"enabled": False},
    "assist": {"enabled": False},
}


def main() -> int:
    """Print what is wrong; exit code 1 where something is."""
    if not BIOME.is_file():
        print("no biome for this platform: the scripts are not linted")
        return 0
    with tempfile.TemporaryDirectory() as name:
        (Path(name) / "biome.json").write_text(json.dumps(CONFIG), encoding="utf-8")
        for path in (files("platform_employment.site") / "scripts").iterdir():
            (Path(name) / path.name).write_text(path.read_text("utf-8"), encoding="utf-8")
        return subprocess.run(
            [BIOME, "lint", "--error-on-warnings", "."], cwd=name, check=False
        ).returncode


if __name__ == "__main__":
    sys.exit(main())

"""Lints the scripts of the pages, each page's as they are concatenated: `make lint` runs it.

Names of one script are used in another, so a file by itself does not show what is undeclared.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from importlib.resources import files
from pathlib import Path

from platform_employment.site.pages import PAGES

OF_TESTS = {"layersOf"}  # what a test asks of the model alone
BIOME = Path(sys.executable).with_name("biome")
RULES = {
    "recommended": True,
    "correctness": {
        "noUndeclaredVariables": "error",
        "noUnusedVariables": "off",  # a page need not use all of what all pages have
        "noPrecisionLoss": "off",  # coefficients of a quantile, as published
    },
    "suspicious": {
        "noRedundantUseStrict": "off",  # classic scripts are not strict by themselves
        "noAssignInExpressions": "off",
        "useIterableCallbackReturn": "off",
    },
    "style": {"useConst": "off"},  # what one page sets, another may leave
}
CONFIG = {
    "javascript": {"globals": ["htmPreact", "METHODS"]},
    "linter": {"enabled": True, "rules": RULES},
    "formatter": {"enabled": False},
    "assist": {"enabled": False},
}


def unused(scripts: dict[str, str]) -> list[str]:
    """Top-level names that no script uses."""
    every = "\n".join(scripts.values())
    return [
        f"{script}: {name} is used nowhere"
        for script, text in scripts.items()
        for name in re.findall(r"^(?:async )?(?:function|const|let) (\w+)", text, re.MULTILINE)
        if name not in OF_TESTS and len(re.findall(rf"\b{name}\b", every)) < 2
    ]


def main() -> int:
    """Print what is wrong; exit code 1 where something is."""
    folder = files("platform_employment.site") / "scripts"
    scripts = {
        path.name: path.read_text(encoding="utf-8")
        for path in sorted(folder.iterdir(), key=lambda path: path.name)
    }
    faults = unused(scripts)
    for fault in faults:
        print(fault)
    if not BIOME.is_file():
        print("no biome for this platform: the scripts are not linted")
        return int(bool(faults))
    with tempfile.TemporaryDirectory() as name:
        (Path(name) / "biome.json").write_text(json.dumps(CONFIG), encoding="utf-8")
        for page in PAGES:
            parts = [scripts[f"{one}.js"] for one in ("numbers", "base", *page.scripts)]
            file = Path(name) / page.file.replace(".html", ".js")
            file.write_text("\n".join(parts), encoding="utf-8")
        found = subprocess.run([BIOME, "lint", "--error-on-warnings", "."], cwd=name, check=False)
    return int(bool(faults or found.returncode))


if __name__ == "__main__":
    sys.exit(main())

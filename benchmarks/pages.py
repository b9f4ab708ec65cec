"""How soon the first page shows something, and how fast a slider answers: medians of nine.

    python benchmarks/pages.py SITE

SITE is a folder that `platform-employment docs` wrote. Exits with 1 when a median is above its
target.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests/python"))
from chromium import Chromium

ROUNDS = 9
PAINT_MS, STEP_MS = 1000, 50
PAINT = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
STEP = """
(() => {
  const input = document.querySelector(".control input[type=range]");
  const start = performance.now();
  input.value = Number(input.min) + Math.random() * (input.max - input.min);
  input.dispatchEvent(new Event("input", { bubbles: true }));
  document.body.offsetHeight;
  return performance.now() - start;
})()
"""


def main() -> int:
    """Print the medians beside their targets."""
    page = Path(sys.argv[1]).absolute() / "index.html"
    paints, steps = [], []
    profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
    with profile, Chromium(Path(profile.name)) as browser:
        for _ in range(ROUNDS):
            browser.open(f"file://{page}", settle=0.8)
            paints.append(browser.evaluate(PAINT))
            steps.append(browser.evaluate(STEP))
    failed = 0
    for name, times, most in (("first paint", paints, PAINT_MS), ("slider", steps, STEP_MS)):
        median = statistics.median(times)
        failed += median > most
        print(f"{name}: median {median:.0f} ms of {ROUNDS}, at most {most} ms")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())

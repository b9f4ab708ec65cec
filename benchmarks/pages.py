"""How soon the first page shows something, and how much processor time a slider takes.

    python benchmarks/pages.py SITE

SITE is a folder that `platform-employment docs` wrote. Exits with 1 when the median of the first
paint or the 95th percentile of the slider is above its target.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests/python"))
from chromium import Chromium

ROUNDS, MOVES = 9, 200
PAINT_MS, STEP_MS = 1000, 50
PAINT = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
STEP = """
(() => {
  const inputs = document.querySelectorAll("[data-control]");
  const input = inputs[Math.floor(Math.random() * inputs.length)];
  input.value = Number(input.min) + Math.random() * (input.max - input.min);
  input.dispatchEvent(new Event("input", { bubbles: true }));
  document.body.offsetHeight;
})()
"""


def processor_ms(browser: Chromium) -> float:
    """Return the processor time that the page has taken, not the time of other programs."""
    metrics = browser.send("Performance.getMetrics")["metrics"]
    return float(1000 * next(row["value"] for row in metrics if row["name"] == "TaskDuration"))


def main() -> int:
    """Print the medians next to their targets."""
    page = Path(sys.argv[1]).absolute() / "index.html"
    paints, steps = [], []
    profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
    with profile, Chromium(Path(profile.name)) as browser:
        for _ in range(ROUNDS):
            browser.open(f"file://{page}", settle=0.8)
            paints.append(browser.evaluate(PAINT))
        browser.send("Performance.enable", {"timeDomain": "threadTicks"})
        for _ in range(MOVES):
            before = processor_ms(browser)
            browser.evaluate(STEP)
            steps.append(processor_ms(browser) - before)
    paint = statistics.median(paints)
    step = statistics.quantiles(steps, n=20)[-1]
    print(f"first paint: median {paint:.0f} ms of {ROUNDS}, at most {PAINT_MS} ms")
    print(
        f"slider: 95th percentile {step:.1f} ms of processor time of {MOVES}, at most {STEP_MS} ms"
    )
    return int(paint > PAINT_MS or step > STEP_MS)


if __name__ == "__main__":
    sys.exit(main())

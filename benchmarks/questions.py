"""How long a question takes, the start of the interpreter included, next to `python -c pass`.

The commands run in turn on the current release, or on the build if it does not exist, and the
medians are compared with their targets. Exits with 1 when one is above.

    python benchmarks/questions.py [--rounds 9] [--database FILE]
"""

from __future__ import annotations

import argparse
import itertools
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

PROGRAM = str(Path(sys.executable).with_name("platform-employment"))
YARDSTICK = [sys.executable, "-c", "pass"]
# arguments and the most seconds
QUESTIONS = {
    "explain": (["explain", "total"], 0.5),
    "what-if": (["what-if", "--set", "gmv=7000"], 1.0),
    "check": (["check", "{own}/tables"], 2.0),
    "check again": (["check", "{own}/tables"], 2.0),
    "check merchants": (["check"], 10.0),
}
MERCHANTS = 5_000
PROJECT = Path(__file__).parents[1]


def seconds(command: list[str]) -> float:
    """Wall-clock time of a command."""
    started = time.perf_counter()
    subprocess.run(command, capture_output=True, check=True)
    return time.perf_counter() - started


def main() -> int:
    """Print the medians."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--database", metavar="FILE", type=Path)
    arguments = parser.parse_args()
    where = ["--database", str(arguments.database)] if arguments.database else []
    with tempfile.TemporaryDirectory() as own:
        write_own(Path(own), "mine")
        merchants = ["env", f"PLATFORM_EMPLOYMENT_MERCHANTS={own}/merchants.csv"]
        commands = {"python -c pass": YARDSTICK} | {
            name: (merchants if name.endswith("merchants") else [])
            + [PROGRAM, *(part.format(own=own) for part in question)]
            + (["--project-dir", str(PROJECT)] if name.startswith("check") else where)
            for name, (question, _) in QUESTIONS.items()
        }
        return compare(commands, arguments.rounds, Path(own))


def write_own(folder: Path, scenario: str) -> None:
    """Own tables: one scenario more, like the first that is shipped; own merchants next to them."""
    table = folder / "tables/reference/scenarios.csv"
    table.parent.mkdir(parents=True, exist_ok=True)
    header, first, *_ = (PROJECT / "seeds/reference/scenarios.csv").read_text("utf-8").splitlines()
    cells = first.split(",", 2)
    table.write_text(f"{header}\n{cells[0]},{scenario},{cells[2]}\n", encoding="utf-8")
    sample = (PROJECT / "seeds/survey/merchant_sample.csv").read_text("utf-8").splitlines()
    shipped = [line.split(",") for line in sample]
    place = shipped[0].index("merchant_id")
    lines = [sample[0]]
    for number, cells in zip(range(MERCHANTS), itertools.cycle(shipped[1:]), strict=False):
        lines.append(",".join([*cells[:place], f"{scenario}_{number}", *cells[place + 1 :]]))
    (folder / "merchants.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def compare(commands: Mapping[str, list[str]], rounds: int, own: Path) -> int:
    """Time the commands in turn; the first round, in which caches fill, does not count.

    own: a folder whose scenario and merchants have other names in each round, so that all is built
    again.
    """
    for command in commands.values():
        seconds(command)
    times: dict[str, list[float]] = {name: [] for name in commands}
    for number in range(rounds):
        write_own(own, f"round_{number}")
        for name, command in commands.items():
            times[name].append(seconds(command))
    is_slow = False
    for name, measured in times.items():
        median, target = statistics.median(measured), QUESTIONS.get(name, (None, None))[1]
        is_slow |= target is not None and median > target
        aim = f", target {target:.2f} s" if target else ""
        print(f"{name:15} {median:6.3f} s (fastest {min(measured):.3f} s){aim}")
    return int(is_slow)


if __name__ == "__main__":
    sys.exit(main())

"""What is going on, and how long each step took."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

BUILD_STEP = "dbt build"


@dataclass
class Steps:
    """Prints the steps as they begin and keeps their seconds."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time a block."""
        print(f"== {name}", flush=True)
        began = time.perf_counter()
        yield
        self.seconds[name] = time.perf_counter() - began

    @property
    def added_share(self) -> float:
        """Everything that a release does besides `dbt build`, as a share of its time."""
        build = self.seconds[BUILD_STEP]
        return (sum(self.seconds.values()) - build) / build

    def lines(self) -> Iterator[str]:
        """Give the seconds of the steps."""
        parts = ", ".join(f"{name} {seconds:.1f}" for name, seconds in self.seconds.items())
        yield f"  {sum(self.seconds.values()):.0f} s: {parts}"
        yield f"  all steps besides {BUILD_STEP} together take {self.added_share:.2f} of its time"

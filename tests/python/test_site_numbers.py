"""Numbers, draws and quantiles are the same in Python and in JavaScript."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import zlib
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from platform_employment.method.evaluate import SEED, Uncertain, quantile
from platform_employment.site.numbers import LANGUAGES, Unit, number

NODE = shutil.which("node")
UNITS = {
    "wan_jobs": Unit("jobs", Decimal(10_000)),
    "yi_yuan": Unit("yuan", Decimal(100_000_000)),
    "jin": Unit("kilograms", Decimal("0.5")),
    "per_wan_yuan_job": Unit("yuan^-1 jobs^-1", Decimal("0.0001")),
    "ratio": Unit("1", Decimal(1)),
    "share": Unit("1", Decimal(1)),
}
STYLES = ["jobs", "part", "percent", "percent1", "count", "exact", "fixed:0", "fixed:3"]
STYLES += [f"{size}:{unit}" for size in ("unit", "short") for unit in (*UNITS, "unknown")]
VALUES = [0, 0.5, 1.5, 2.5, 0.45, 1.005, -0.04, -0.5, -2.4e-06, 3462.9275, 99_999.5, 1e-7]
VALUES += [99.995, 999.995, 123456789012.5, 148.655317, 9.995, 1e21]
STREAMS = ["gmv_yi_yuan", "team_share", "资"]

pytestmark = pytest.mark.skipif(NODE is None, reason="no node runs the JavaScript")


def in_node(script: str, expression: str) -> Any:
    """The value of an expression after one of the scripts of the pages."""
    path = files("platform_employment.site") / "scripts" / script
    program = f"{path.read_text(encoding='utf-8')}\nconsole.log(JSON.stringify({expression}))"
    assert NODE
    found = subprocess.run(
        [NODE, "-"], input=program, capture_output=True, text=True, check=False, timeout=60
    )
    assert found.returncode == 0, found.stderr
    return json.loads(found.stdout)


SCRIPTS = sorted(path.name for path in (files("platform_employment.site") / "scripts").iterdir())


@pytest.mark.parametrize("script", SCRIPTS)
def test_scripts_are_strict_and_parse(script: str) -> None:
    path = files("platform_employment.site") / "scripts" / script
    assert path.read_text(encoding="utf-8").startswith('"use strict";\n')
    assert NODE
    found = subprocess.run(
        [NODE, "--check", str(path)], capture_output=True, text=True, check=False, timeout=60
    )
    assert found.returncode == 0, found.stderr


def test_what_comes_from_others_is_what_it_was() -> None:
    vendor = files("platform_employment.site") / "vendor"
    readme = (vendor / "README.md").read_text(encoding="utf-8")
    named = re.findall(r"\| `([^`]+)` \|.*`([0-9a-f]{64})` \|", readme)
    assert len(named) == 4
    for name, sha256 in named:
        path = Path(str(vendor)) / name
        assert hashlib.sha256(path.read_bytes()).hexdigest() == sha256, name
    axe = Path(__file__).parent / "axe"
    said = (axe / "README.md").read_text(encoding="utf-8")
    assert hashlib.sha256((axe / "axe.min.js").read_bytes()).hexdigest() in said


def twins(values: list[float]) -> None:
    units = {name: {"scale": float(u.scale), "dimension": u.dimension} for name, u in UNITS.items()}
    found = in_node(
        "numbers.js",
        f"{json.dumps(values)}.map((v) => {json.dumps(STYLES)}.map((s) =>"
        f" {json.dumps(LANGUAGES)}.map((l) => formatNumber(v, s, l, {json.dumps(units)}))))",
    )
    for value, texts in zip(values, found, strict=True):
        for style, both in zip(STYLES, texts, strict=True):
            assert both == [number(value, style, one, UNITS) for one in LANGUAGES], (value, style)


def test_numbers_have_twins() -> None:
    twins(VALUES)


decimals = st.decimals(-(10**9), 10**9, allow_nan=False, places=6)


@given(st.lists(decimals.map(float), min_size=50, max_size=80))
@settings(max_examples=5, deadline=None)
def test_numbers_that_nobody_thought_of_have_twins(values: list[float]) -> None:
    twins(values)


@pytest.mark.parametrize(
    ("value", "style", "zh", "en"),
    [
        (3462.9275, "jobs", "3463", "34.63"),
        (372.9, "part", "372.9", "3.73"),
        (8.27, "part", "8.3", "0.083"),
        (0.577546, "percent", "58%", "58%"),
        (6168, "unit:yi_yuan", "6168", "616.8"),
        (123456, "count", "123,456", "123,456"),
        (6168, "count", "6168", "6,168"),
        (-2.4e-06, "unit:per_wan_yuan_job", "−0.0000024", "−0.0000024"),
        (2000, "part", "2000", "20.00"),
        (None, "jobs", "–", "–"),
    ],
)
def test_readers_of_each_language_see_their_units(
    value: float | None, style: str, zh: str, en: str
) -> None:
    assert [number(value, style, one, UNITS) for one in LANGUAGES] == [zh, en]


def test_draws_are_those_of_the_warehouse() -> None:
    draws = 1000
    found = in_node(
        "draws.js",
        f"{json.dumps(STREAMS)}.map((s) => [...stratifiedUniforms(s, {draws}, {SEED})])",
    )
    for stream, uniforms in zip(STREAMS, found, strict=True):
        random = np.random.default_rng([SEED, zlib.crc32(stream.encode())])
        assert uniforms == ((random.permutation(draws) + random.random(draws)) / draws).tolist()


@pytest.mark.parametrize(
    ("low", "central", "high", "distribution"),
    [
        (6167, 6168, 6169, "uniform"),
        (0.7, 1, 1.4, "triangular"),
        (1, 1, 2, "triangular"),
        (15.6, 16.5, 17.5, "normal"),
    ],
)
def test_distributions_have_twins(
    low: float, central: float, high: float, distribution: str
) -> None:
    cell = {"low": low, "central": central, "high": high, "distribution": distribution}
    found = in_node("draws.js", f"[...drawsOf({json.dumps({**cell, 'stream': 's'})}, 500, {SEED})]")
    uniforms = np.array(in_node("draws.js", f"[...stratifiedUniforms('s', 500, {SEED})]"))
    uncertain = Uncertain(low, central, high, distribution, "assumption", "s")
    assert found == pytest.approx(quantile(uncertain, uniforms), rel=1e-14)


def test_quantiles_have_twins() -> None:
    values = sorted(np.random.default_rng(1).random(101).tolist())
    probabilities = [0, 0.025, 0.5, 0.975, 1]
    found = in_node("draws.js", f"{probabilities}.map((p) => quantileOf({json.dumps(values)}, p))")
    assert found == pytest.approx(np.quantile(values, probabilities))

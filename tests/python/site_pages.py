"""What a test asks of a page that is open in a browser."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from chromium import Chromium
from firefox import Firefox

from platform_employment.site.numbers import Unit, number

# digits may stand in names of units, dates, ids, words of the report and places in it
EXEMPT = (
    "[data-fact], .unit, time, code, cite, blockquote, q, option, script, style, title, noscript"
)
STRAY = f"""
(() => {{
  const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {{
    const node = walk.currentNode;
    if (PATTERN.test(node.data) && !node.parentElement.closest({json.dumps(EXEMPT)}))
      found.push(node.parentElement.outerHTML.slice(0, 200));
  }}
  return found;
}})()
"""
STRAY_DIGITS = STRAY.replace("PATTERN", r"/\d/")
# Chinese in English: only where the page says that a text is Chinese
CHINESE = """
(() => {
  const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode;
    if (/[\\u3400-\\u9fff]/.test(node.data)
        && !node.parentElement.closest("[lang=zh-CN]:not(html), script, style, noscript"))
      found.push(node.parentElement.outerHTML.slice(0, 200));
  }
  return found;
})()
"""
FACTS = """
[...document.querySelectorAll("[data-fact]")].map((fact) => ({
  fact: fact.dataset.fact, as: fact.dataset.as, text: fact.textContent,
  value: fact.dataset.value ?? null, isOption: fact.tagName === "OPTION",
}))
"""
SMALL_TARGETS = """
[...document.querySelectorAll("a, button, input, select, summary")].filter((target) => {
  const box = target.getBoundingClientRect();
  if (!target.offsetParent || box.width === 0 || target.className === "skip") return false;
  const isInText = target.tagName === "A" && target.closest("p, li, small, span, td, th, h3");
  return !isInText && (box.height < 23.5 || box.width < 23.5);
}).map((target) => target.outerHTML.slice(0, 160))
"""


AXE = (Path(__file__).parent / "axe/axe.min.js").read_text(encoding="utf-8")
RUN_AXE = """
axe.run(document, { resultTypes: ["violations"] }).then((found) =>
  found.violations.map((one) => `${one.id}: ${one.nodes[0].html.slice(0, 200)}`))
"""


def violations(browser: Chromium) -> list[str]:
    """What axe finds on the page as it is now."""
    browser.evaluate(f"{AXE}; 0")
    answer = browser.send(
        "Runtime.evaluate",
        {"expression": RUN_AXE, "awaitPromise": True, "returnByValue": True},
    )
    found: list[str] = answer["result"]["value"]
    return found


def embedded(path: Path) -> dict[str, Any]:
    """The data inside a page."""
    html = path.read_text(encoding="utf-8")
    text = html.partition('id="data">')[2].partition("</script>")[0]
    data: dict[str, Any] = json.loads(text)
    for table in data["tables"].values():
        for at, column in enumerate(table["c"]):
            if texts := table.get("t", {}).get(column):
                for row in table["r"]:
                    row[at] = None if row[at] is None else texts[row[at]]
    return data


def wrong_facts(browser: Chromium | Firefox, path: Path, language: str) -> list[str]:
    """Facts whose text is not their cell, written in the style that they name."""
    tables = embedded(path)["tables"]
    units = {
        row["unit"]: Unit(row["dimension"], Decimal(str(row["scale"])))
        for row in (
            dict(zip(tables["units"]["c"], row, strict=True)) for row in tables["units"]["r"]
        )
    }
    wrong = []
    facts = browser.evaluate(FACTS)
    assert facts
    for fact in facts:
        address, style, text = fact["fact"], fact["as"], fact["text"]
        if address.startswith("="):
            value = float(fact["value"])
        else:
            name, row, column = address.split("/")
            table = tables[name]
            value = table["r"][int(row)][table["c"].index(column)]
        if style == "text":
            is_right = text == str(value if value is not None else "–") or (
                column == "expectation_type" and text == str(value).replace("_", " ")
            )
        elif style == "part-of-text":
            is_right = text in str(value)
        else:
            is_right = text == number(value, style, language, units)
        if not is_right:
            wrong.append(f"{address} as {style}: {text!r} for {value!r}")
    return wrong


def faults_of(browser: Chromium, path: Path, language: str, width: int) -> list[str]:
    """All that is wrong with a page that is open."""
    schemes = {url.partition(":")[0] for url in browser.requested_urls()} - {"file", "data"}
    wide = browser.evaluate("document.documentElement.scrollWidth")
    return [
        *browser.errors(),
        *sorted(schemes),
        *([f"{wide} wide"] if wide > width else []),
        *wrong_facts(browser, path, language),
        *browser.evaluate(STRAY_DIGITS),
        *browser.evaluate(SMALL_TARGETS),
        *(browser.evaluate(CHINESE) if language == "en" else []),
        *violations(browser),
    ]

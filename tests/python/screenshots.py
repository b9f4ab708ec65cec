"""Pictures of the pages, as the README shows them.

    python tests/python/screenshots.py SITE FOLDER

SITE is a folder that `platform-employment docs` wrote; the pictures in FOLDER are built again.
"""

from __future__ import annotations

import base64
import io
import sys
import tempfile
from pathlib import Path

from chromium import Chromium
from PIL import Image

WIDE, NARROW, TALL = 1440, 390, 1200
COLOURS = 160  # enough for flat ink, and a third of the bytes
SHOTS = {
    "report": ("index.html", WIDE),
    "report_en": ("en/index.html", WIDE),
    "report_phone": ("index.html", NARROW),
    "what_if_en": ("en/index.html#what-if", WIDE),
    "compare_en": ("en/compare.html", WIDE),
    "ledger": ("ledger.html", WIDE),
    "evidence_en": ("en/evidence/platform/creators_with_income/3.html", WIDE),
}


def main() -> None:
    """Open each page and keep its first screen."""
    site, folder = map(Path, sys.argv[1:])
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.png"):
        old.unlink()
    profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
    with profile, Chromium(Path(profile.name)) as browser:
        for name, (path, width) in SHOTS.items():
            picture = shot(browser, f"file://{site.absolute()}/{path}", width)
            picture.save(folder / f"{name}.png", optimize=True)


def shot(browser: Chromium, address: str, width: int) -> Image.Image:
    """The screen that an address shows."""
    browser.open(address, width=width, height=TALL)
    png = browser.send("Page.captureScreenshot", {"format": "png"})["data"]
    picture = Image.open(io.BytesIO(base64.b64decode(png))).convert("RGB")
    return picture.quantize(COLOURS, dither=Image.Dither.NONE)


if __name__ == "__main__":
    main()

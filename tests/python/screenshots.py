"""Pictures of the pages, as the README shows them.

    python tests/python/screenshots.py SITE FOLDER

SITE is a folder that `platform-employment docs` wrote; the pictures in FOLDER are made anew.
"""

from __future__ import annotations

import base64
import io
import sys
import tempfile
from pathlib import Path

from chromium import Chromium
from PIL import Image

from platform_employment.site.pages import PAGES

WIDE, NARROW, TALL = 1440, 390, 1200
COLOURS = 160  # enough for flat ink, and a third of the bytes
FIRST = PAGES[0].file.removesuffix(".html")
EXTRA = {
    f"{FIRST}_en": (PAGES[0].file, "#lang=en", WIDE),
    f"{FIRST}_narrow": (PAGES[0].file, "", NARROW),
    f"{FIRST}_sum": (PAGES[0].file, "#at=sum", WIDE),
    f"{FIRST}_what_if": (PAGES[0].file, "#at=what-if", WIDE),
    f"{FIRST}_choices": (PAGES[0].file, "#at=choices", WIDE),
}


def main() -> None:
    """Open each page and keep its first screen."""
    site, folder = map(Path, sys.argv[1:])
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.png"):
        old.unlink()
    shots = {page.file.removesuffix(".html"): (page.file, "", WIDE) for page in PAGES} | EXTRA
    profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
    with profile, Chromium(Path(profile.name)) as browser:
        for name, (file, state, width) in shots.items():
            if (site / file).is_file():
                picture = shot(browser, f"file://{(site / file).absolute()}{state}", width)
                picture.save(folder / f"{name}.png", optimize=True)


def shot(browser: Chromium, address: str, width: int) -> Image.Image:
    """The screen that an address shows."""
    browser.open(address, width=width, height=TALL)
    png = browser.send("Page.captureScreenshot", {"format": "png"})["data"]
    picture = Image.open(io.BytesIO(base64.b64decode(png))).convert("RGB")
    return picture.quantize(COLOURS, dither=Image.Dither.NONE)


if __name__ == "__main__":
    main()

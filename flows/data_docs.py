"""Data Docs that open without a network: an index of our own over the pages of Great Expectations."""

import re
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from flows.templates import render

SITE = "quality"
ABROAD = re.compile(
    r"<script[^>]*\bsrc=[\"']https?://[^>]*>\s*</script>"  # and whatever else a browser would fetch
    r"|<link\b[^>]*\bhref=[\"']https?://[^>]*>"
    r"|<img\b[^>]*\bsrc=[\"']https?://[^>]*>"
    r"|<footer>.*?</footer>"
    r"|background:\s*url\(['\"]?https?://[^)]*\)[^;]*;",
    re.DOTALL,
)


def tidy(folder: Path) -> None:
    """Takes out of each page what a browser would fetch from elsewhere, and puts a plain style in its place."""
    shutil.rmtree(folder / "static", ignore_errors=True)
    style = render("data_docs.css.jinja")
    for page in folder.rglob("*.html"):
        html = ABROAD.sub("", page.read_text(encoding="utf-8"))
        page.write_text(html.replace("</head>", f"<style>{style}</style></head>", 1), encoding="utf-8")


def write_index(folder: Path, suite: str, rows: Sequence[Mapping[str, Any]]) -> Path:
    """`index.html`: every check, the failed first, and the way to the pages of Great Expectations."""
    pages = sorted(page.relative_to(folder).as_posix() for page in (folder / "validations").rglob("*.html"))
    links = {Path(page).parts[1]: page for page in pages}
    ordered = sorted(rows, key=lambda row: (row["is_passed"], row["severity"], row["table"]))
    path = folder / "index.html"
    path.write_text(render("quality.html.jinja", suite=suite, rows=ordered, links=links), encoding="utf-8")
    return path

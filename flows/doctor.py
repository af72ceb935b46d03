"""What is installed, reachable, stale or broken, and the cure."""

import importlib.metadata
import os
import shutil
import stat
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flows import settings, warehouse
from flows.pdf import chromium
from transforms import schema

STALE_AFTER = timedelta(days=2)
SPACE_NEEDED = 1 << 30
PACKAGES = ("polars", "duckdb", "prefect", "fastapi", "great-expectations", "streamlit", "plotly", "scipy")


WORDS = (
    "SELECT count(text_removed_at) AS gone, "
    "min(coalesce(ended_at, started_at, ingested_at)) FILTER (text_removed_at IS NULL) AS since FROM conversation"
)


@dataclass(frozen=True)
class Finding:
    what: str
    is_well: bool
    found: str
    cure: str = ""

    def line(self) -> str:
        """One line: well or not, what, what was found, the cure."""
        return f"{'ok  ' if self.is_well else 'MEND'} {self.what}: {self.found}{'. ' + self.cure if self.cure else ''}"


def examine(home: Path) -> list[Finding]:
    """What was looked at, each with what was found; nothing is changed."""
    return [*_installation(), *_server(), *_home(home)]


def _installation() -> Iterator[Finding]:
    found = ".".join(map(str, sys.version_info[:3]))
    yield Finding("Python", sys.version_info >= (3, 11), found)
    for package in PACKAGES:
        try:
            yield Finding(package, True, importlib.metadata.version(package))
        except importlib.metadata.PackageNotFoundError:
            yield Finding(package, False, "not installed", "Run `make setup`.")
    browser = chromium()
    cure = "" if browser else "Reports are HTML only until Chromium is installed: apt-get install chromium."
    yield Finding("Chromium", bool(browser), browser or "none", cure)


def _server() -> Iterator[Finding]:
    url = os.environ.get("PREFECT_API_URL")
    if not url:
        yield Finding("Prefect server", True, "none named; runs call the functions plainly")
        return
    try:
        with urllib.request.urlopen(f"{url.rstrip('/')}/health", timeout=5):
            yield Finding("Prefect server", True, url)
    except (OSError, ValueError) as error:
        yield Finding("Prefect server", False, f"{url}: {error}", "Start it, or unset PREFECT_API_URL.")


def _home(home: Path) -> Iterator[Finding]:
    if not home.exists():
        yield Finding("home", False, f"{home} is not there", f"Run `heard run SOURCE --home {home}` or `heard demo`.")
        return
    free = shutil.disk_usage(home).free
    yield Finding(
        "space", free > SPACE_NEEDED, f"{free / (1 << 30):.1f} GiB free", "" if free > SPACE_NEEDED else "Make room."
    )
    yield _settings(home)
    for name in ("rejected", "customer.key"):
        yield from _private(home / name)
    yield from _published(home / "warehouse.duckdb", home)
    yield from _retention(home)


def _settings(home: Path) -> Finding:
    try:
        settings.load(home)
    except settings.SettingsError as error:
        return Finding("heard.toml", False, str(error))
    return Finding("heard.toml", True, "read" if (home / "heard.toml").exists() else "none; all defaults")


def _retention(home: Path) -> Iterator[Finding]:
    """How long words are kept, of how many conversations they are gone, and whether any is older than that."""
    try:
        days = settings.load(home)["retention"].get("text_days")
        of_words = warehouse.query(home / "warehouse.duckdb", WORDS).row(0, named=True)
    except (settings.SettingsError, warehouse.QueryError, OSError):
        return  # said above
    kept = f"for {days:,} days" if days else "for good"
    told = f"words are kept {kept}; {of_words['gone']:,} conversations are without"
    since = of_words["since"]
    is_late = days is not None and since is not None and since < _now() - timedelta(days=days) - STALE_AFTER
    oldest = f", the oldest with them ended {since:%Y-%m-%d}" if since else ""
    yield Finding(
        "retention", not is_late, told + oldest, "Run `heard run` to remove what is older." if is_late else ""
    )


def _private(path: Path) -> Iterator[Finding]:
    if path.exists():
        is_open = bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))
        found = "others can read it" if is_open else "the owner's alone"
        yield Finding(path.name, not is_open, found, f"Run `chmod go-rwx {path}`." if is_open else "")


def _published(path: Path, home: Path) -> Iterator[Finding]:
    if not path.exists():
        yield Finding("warehouse", False, "none", f"Run `heard run SOURCE --home {home}`.")
        return
    try:
        version = warehouse.query(path, "from schema_version").item()
        last = warehouse.query(path, "from run order by started_at desc limit 1").row(0, named=True)
        failed = warehouse.query(path, "from quality_check where run_id = ? and not is_passed", [last["run_id"]]).height
    except Exception as error:
        yield Finding("warehouse", False, str(error).splitlines()[0], f"Run `heard rebuild --home {home}`.")
        return
    yield Finding(
        "tables",
        version == schema.VERSION,
        f"version {version}",
        "" if version == schema.VERSION else "Run `heard rebuild`.",
    )
    age = _now() - last["ended_at"]
    stale = age > STALE_AFTER
    yield Finding(
        "freshness",
        not stale,
        f"last run ended {last['ended_at']:%Y-%m-%d %H:%M} UTC",
        "Run `heard run`, or see that `heard nightly` is up." if stale else "",
    )
    refused = last["rejected_count"]
    yield Finding(
        "last run",
        not refused,
        f"{refused:,} records rejected",
        'See `heard query "from rejected_record"`.' if refused else "",
    )
    yield Finding(
        "checks",
        not failed,
        f"{failed} failed",
        'See `heard query "from quality_check where not is_passed"`.' if failed else "",
    )


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)

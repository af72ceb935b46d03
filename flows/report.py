"""The report of a day: one HTML that fetches nothing, and the same as PDF where Chromium is."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from flows import report_data
from flows.home import HomeError, warehouse_of, write_whole
from flows.mail import send
from flows.pdf import PdfError, print_pdf
from flows.report_view import view
from flows.settings import load
from flows.templates import render

Say = Callable[[str], None]
DASHBOARD = "http://localhost:8501"


def make_report(
    home: Path, day: date | None = None, out: Path | None = None, to: Sequence[str] = (), say: Say = print
) -> list[Path]:
    """Writes the report of a day (the last one with conversations) and mails it to whom is named; gives the files.

    Raises HomeError where nothing was published, SettingsError or MailError where it cannot be sent.
    """
    settings = load(home)
    warehouse = warehouse_of(home)
    zone = ZoneInfo(settings["calendar"].get("time_zone", "UTC"))
    day = day or report_data.last_day(warehouse, zone) or _yesterday(zone)
    url = str(settings["dashboard"].get("url", DASHBOARD))
    files = write_report(warehouse, day, out or home / "reports", zone.key, url, say)
    if to:
        send(settings["email"], to, day, files)
        say(f"sent to {', '.join(to)}")
    return files


def write_report(
    warehouse: Path,
    day: date,
    out: Path,
    time_zone: str = "UTC",
    dashboard_url: str = DASHBOARD,
    say: Say = print,
) -> list[Path]:
    """Writes `report-YYYY-MM-DD.html` into `out`, and the PDF where Chromium is; gives the files."""
    data = report_data.read(warehouse, day, ZoneInfo(time_zone))
    html = out / f"report-{day}.html"
    try:
        write_whole(html, render("report.html.jinja", **view(data, dashboard_url)).encode())
    except OSError as error:
        raise HomeError(
            f"{out}: {error.strerror}; expected a folder that can be written. Name one with --out."
        ) from None
    try:
        return [html, print_pdf(html, html.with_suffix(".pdf"))]
    except PdfError as error:
        say(str(error))
        return [html]


def _yesterday(zone: ZoneInfo) -> date:
    return (datetime.now(UTC).astimezone(zone) - timedelta(days=1)).date()

"""An HTML page printed to PDF by a Chromium that is installed; it fetches nothing."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from flows.home import write_whole

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
CURE = "Install Chromium (Debian, Ubuntu: `apt-get install chromium`) for the PDF"
TIMEOUT_SECONDS = 120
FLAGS = (
    "--headless",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--disable-dev-shm-usage",
    "--no-pdf-header-footer",
    "--window-size=727,1000",  # as wide as A4 within its margins, so that the figures fit
    "--virtual-time-budget=10000",  # so that the figures are drawn
    "--host-resolver-rules=MAP * ~NOTFOUND",
)


class PdfError(Exception):
    """One line: why there is no PDF."""


def chromium() -> str | None:
    """The path of an installed Chromium; None where there is none."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def print_pdf(html: Path, pdf: Path) -> Path:
    """The page as PDF. Raises PdfError where Chromium is missing or fails."""
    browser = chromium()
    if browser is None:
        raise PdfError(f"{pdf.name}: no Chromium was found; expected one on the PATH. {CURE}.")
    with tempfile.TemporaryDirectory(prefix="heard-", ignore_cleanup_errors=True) as profile:
        part = Path(profile) / "report.pdf"
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []  # Chromium refuses to sandbox root
        command = [browser, *FLAGS, *sandbox, f"--user-data-dir={profile}", f"--print-to-pdf={part}"]
        try:
            ran = subprocess.run(
                [*command, html.resolve().as_uri()], capture_output=True, timeout=TIMEOUT_SECONDS, check=False
            )
        except subprocess.TimeoutExpired:
            raise PdfError(f"{pdf.name}: Chromium did not end within {TIMEOUT_SECONDS} s. Run it again.") from None
        if not part.exists():
            raise PdfError(f"{pdf.name}: Chromium wrote no PDF (exit status {ran.returncode}). {CURE} anew.")
        write_whole(pdf, part.read_bytes())
    return pdf

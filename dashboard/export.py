"""What a figure or a table stands on, to take away: its rows, its picture, and the SQL that asked for them."""

import io
import shlex
from collections.abc import Callable, Sequence

import polars as pl
import streamlit as st

BUTTON_CSS = """
button {
  font: inherit; color: var(--st-text-color); background: var(--st-background-color); cursor: pointer;
  border: 1px solid var(--st-border-color); border-radius: var(--st-button-radius); padding: 0.25rem 0.75rem;
}
button:hover, button:focus-visible { border-color: var(--st-primary-color); color: var(--st-primary-color); }
"""  # of the buttons that components draw themselves

# The picture is made in the browser, by the same button that plotly's own bar has, in the format that is asked for.
PICTURE = st.components.v2.component(
    "heard_picture",
    html='<div><button value="png">PNG</button> <button value="svg">SVG</button></div>',
    css=BUTTON_CSS,
    js="""
    export default function ({ parentElement, data }) {
      for (const button of parentElement.querySelectorAll("button")) {
        button.setAttribute("aria-label", `${button.textContent} of ${data.name}`);
        button.onclick = () => {
          const plot = document.querySelector(`.st-key-${CSS.escape(data.figure)} .js-plotly-plot`);
          plot._context.toImageButtonOptions = { format: button.value, filename: data.name, scale: 2 };
          plot.querySelector('.modebar-btn[data-attr="toImage"], .modebar-btn[data-title^="Download"]').click();
        };
      }
    }""",
)


Rows = pl.DataFrame | Callable[[], pl.DataFrame]


def offer(rows: Rows, name: str, behind: Sequence[str], figure: str = "") -> None:
    """Below a figure or a table: its rows as CSV and Parquet, the figure as PNG and SVG, the SQL behind it.

    `rows` may be a function that gives them once they are asked for. `behind` are the statements that were asked for
    them (see warehouse.behind), `figure` is the key of a figure.
    """
    with st.popover("Save · SQL", icon=":material/download:", type="tertiary", key=f"offer-{name}"):
        if figure:
            PICTURE(data={"figure": figure, "name": name}, key=f"picture-{name}", height="content")
        with st.container(horizontal=True):
            _download("CSV", "text/csv", safe_csv, rows, name)
            _download("Parquet", "application/vnd.apache.parquet", _parquet, rows, name)
        if behind:
            _statements(behind)


def _download(label: str, mime: str, written: Callable[[pl.DataFrame], bytes], rows: Rows, name: str) -> None:
    def data() -> bytes:
        return written(rows if isinstance(rows, pl.DataFrame) else rows())

    ending = label.lower()
    st.download_button(label, data, f"{name}.{ending}", mime, key=f"{ending}-{name}", on_click="ignore")


def _statements(behind: Sequence[str]) -> None:
    st.caption("What was asked of the warehouse. Intervals, where there are any, are computed from what it gives.")
    command, alone = st.tabs(["As a command", "The SQL alone"])
    for sql in dict.fromkeys(behind):
        command.code(f"heard query {shlex.quote(sql)}", "bash", wrap_lines=True)
        alone.code(sql, "sql", wrap_lines=True)


def safe_csv(frame: pl.DataFrame) -> bytes:
    """The table as CSV; a text that a spreadsheet would run as a formula begins with an apostrophe."""
    texts = pl.col(pl.String)
    harmless = frame.with_columns(
        pl.when(texts.str.contains(r"^[=+\-@\t\r\n]")).then(pl.lit("'") + texts).otherwise(texts).name.keep()
    )
    out = io.BytesIO()
    harmless.write_csv(out)
    return out.getvalue()


def _parquet(frame: pl.DataFrame) -> bytes:
    out = io.BytesIO()
    frame.write_parquet(out)
    return out.getvalue()

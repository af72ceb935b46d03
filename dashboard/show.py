"""The few parts that pages share: a heading, a number with its n and interval, a figure, a table, a list of links."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import plotly.graph_objects as go
import polars as pl
import streamlit as st

from dashboard import charts, export, links, say
from dashboard.estimates import Row, difference
from dashboard.filters import Chosen
from dashboard.warehouse import query

CSS = Path(__file__).parent / "heard.css"


def heading(title: str, question: str, chosen: Chosen | None = None) -> None:
    """The page's title, the question it answers, and which conversations it speaks of."""
    st.title(title, anchor=False)
    st.caption(question)
    if chosen is not None:
        selection(chosen)


def selection(chosen: Chosen) -> None:
    """How many conversations are chosen, and which; ends the page where there are none."""
    counts = query(
        f"SELECT count(*) AS all_count, count(*) FILTER ({chosen.where}) AS n FROM conversation_wide",
        **chosen.parameters,
    ).row(0, named=True)
    st.caption(f"**{counts['n']:,} of {counts['all_count']:,} conversations** · {say.plain(chosen.words)}")
    if not counts["n"]:
        st.info("No conversation is in this selection. Choose a longer period or clear a filter in the sidebar.")
        st.stop()


def before(chosen: Chosen) -> Chosen:
    """The same filters over the period before; ends the page where there is none."""
    if chosen.before is None:
        st.info("Everything is selected, and there is no period before that. Choose a period in the sidebar.")
        st.stop()
    return chosen.before or chosen


def catalogue() -> dict[str, Row]:
    """Every metric by its id, in the order of the families."""
    return {row["metric"]: row for row in query("FROM metric").to_dicts()}


def metric_table() -> dict[str, Row]:
    """The metrics of a conversation by their ids; those of an agent are in the catalogue alone."""
    columns = set(query("SELECT column_name FROM (DESCRIBE conversation_wide)")["column_name"])
    return {name: row for name, row in catalogue().items() if name in columns}


def card(metric: Row, now: Row, before: Row | None, note: str = "", is_linked: bool = True) -> None:
    """A metric's value with its n and interval, and how it has moved since the period before; its name leads to it."""
    unit = metric["unit"]
    moved, low, high = difference(now, before) if before else (None, None, None)
    holds = low is not None and high is not None and not low <= 0 <= high
    colors = {"higher": "normal", "lower": "inverse"}
    with st.container(border=True, height="stretch", gap="small"):
        means = say.plain(f"{metric['definition']} Unit: {unit}.")
        if is_linked:
            metric_link(metric["metric"], help=means)
        st.metric(
            say.name(metric["metric"]),
            say.value(now["value"], unit),
            label_visibility="collapsed" if is_linked else "visible",
            delta=None if moved is None else f"{say.change(moved, unit)} {'' if holds else '(within chance)'}",
            delta_color=colors.get(metric["direction"], "off") if holds else "off",
            help=None if is_linked else means,
        )
        interval = f"95 % {say.interval(now['low'], now['high'], unit)} · " if now["low"] is not None else ""
        st.caption(say.plain(f"{interval}n {now['n']:,} of {now['all_count']:,}{note}"))


def part(place: Any, name: str, row: Row, unit: str) -> None:
    """A part of a move, with its interval; grey where chance could do as much."""
    sure = row["low"] * row["high"] > 0
    with place.container(border=True, height="stretch", gap="small"):
        shown = say.change(row["change"], unit)
        st.metric(name, shown if sure else f"({shown})", help="In brackets: chance alone could do as much.")
        st.caption(say.plain(f"95 % {say.change(row['low'], unit)} to {say.change(row['high'], unit)}"))


def figure(
    drawn: go.Figure, key: str, alt: str, rows: pl.DataFrame, behind: Sequence[str], clicks: str = "opens"
) -> None:
    """A figure whose points lead to conversations (`opens`), choose on this page (`chooses`), or do nothing (``).

    Below it, to take away: the figure, the `rows` that it draws, and the statements `behind` them.
    """
    going = {"opens": links.on_click, "chooses": links.on_choose}
    selecting = {"on_select": lambda: going[clicks](key), "selection_mode": "points"} if clicks else {}
    st.plotly_chart(drawn, key=key, config=charts.CONFIG, alt=alt, **selecting)
    export.offer(rows, key, behind, figure=key)


def table(frame: pl.DataFrame, name: str, behind: Sequence[str]) -> None:
    """A table that shows text as text; below it, to take away, its rows and the statements `behind` them."""
    st.dataframe(frame, hide_index=True, height="auto", placeholder="")
    export.offer(frame, name, behind)


def words_table(
    frame: pl.DataFrame, name: str, alt: str, behind: Sequence[str], drawn: Mapping[str, Sequence[str]] | None = None
) -> None:
    """A short table to read, its cells wrapped, every one of them escaped; to take away like any other.

    `drawn` are columns as HTML of our own: in the place of the frame's, or else after its first two.
    """
    columns = {name: [say.html(_told(cell)) for cell in frame[name]] for name in frame.columns}
    new = [name for name in drawn or {} if name not in frame.columns]
    order = [*frame.columns[:2], *new, *frame.columns[2:]]
    cells = columns | dict(drawn or {})
    head = "".join(f"<th scope='col'>{say.html(column)}</th>" for column in order)
    rows = zip(*(cells[column] for column in order), strict=True)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    shown = f'<table class="heard-table" aria-label="{say.html(alt)}"><tr>{head}</tr>{body}</table>'
    st.html(f'<div class="heard-wide">{shown}</div>')
    export.offer(frame, name, behind)


def _told(cell: Any) -> Any:
    return "" if cell is None else f"{cell:,}" if isinstance(cell, int) else cell


def conversation_link(conversation_id: str, link: Mapping[str, Any] | None = None, label: str = "") -> None:
    """A link to one conversation; `link` keeps the search it was found by."""
    st.page_link(
        links.ONE,
        label=say.plain(label or conversation_id),
        icon=":material/forum:",
        query_params={"conversation_id": conversation_id, **(link or {})},
    )


def metric_link(metric: str, label: str = "", **looks: Any) -> None:
    """A link to a metric's own page."""
    shown = say.plain(label or say.name(metric))
    st.page_link(links.METRIC, label=shown, query_params={"metric": metric}, **looks)


def coaching_link(agent: str) -> None:
    """A link to what to coach an agent on."""
    label = f"{say.plain(agent)}: what to coach, with which conversation"
    st.page_link(links.COACHING, label=label, icon=":material/school:", query_params={"who": agent})


def facts(row: Row) -> str:
    """A conversation in one line of HTML: where, who, when, how long, how it ended."""
    parts = [
        *(row[name] for name in ("channel", "language", "team", "agent_id", "topic") if row[name]),
        say.moment(row["started_at"]) if row["started_at"] else "",
        say.duration(row["duration_seconds"]) if row["duration_seconds"] else "",
        f"{row['turn_count']} turns",
        {1: "resolved", 0: "not resolved"}.get(row["was_resolved"], "resolution unknown"),
        f"rated {say.number(row['csat'])}" if row["csat"] is not None else "not rated",
        "escalated" if row["was_escalated"] else "",
    ]
    return f'<div class="facts">{" · ".join(say.html(part) for part in parts if part)}</div>'


def why_null(counts: Sequence[Mapping[str, Any]]) -> str:
    """Why a metric is null where it is: each reason with its count."""
    return "; ".join(f"{row['n']:,} ({say.one_of(say.WHY_NULL, row['reason'])})" for row in counts)


def no_warehouse(home: Path) -> None:
    """What to do where nothing was published yet."""
    st.title("Nothing to show yet", anchor=False)
    st.info("No warehouse has been published in this home. This page shows it as soon as there is one: reload it then.")
    st.text(f"The home is {home.resolve()}. With transcripts of your own:")
    st.code(f"heard run SOURCE --home {home}", language=None)
    st.text("Or, to look around with a synthetic sample:")
    st.code("heard demo", language=None)


def choice(
    widget: Callable[..., Any], label: str, options: Sequence[str], key: str, words: Callable[[str], str], **looks: Any
) -> str:
    """What is chosen of the options (the first, unless the URL names one): kept in the URL by its own name."""
    asked = st.query_params.get(key)
    st.session_state[key] = asked if asked in options else options[0]
    return widget(label, options, key=key, format_func=words, on_change=_keep, args=(key,), **looks)


def field(widget: Callable[..., Any], label: str, key: str, read: Callable[[str], Any], **looks: Any) -> Any:
    """What is typed, as `read` takes it: kept in the URL."""
    st.session_state[key] = read(st.query_params.get(key, ""))
    return widget(label, key=key, on_change=_keep, args=(key,), **looks)


def _keep(key: str) -> None:
    # Streamlit's own binding would take these out of the URL on the way to the next page, which reads them too.
    chosen = st.session_state[key]
    if chosen in (None, ""):
        st.query_params.pop(key, None)
    else:
        st.query_params[key] = str(chosen)
    if "page" in st.session_state:
        st.session_state["page"] = 1


def forget(*keys: str) -> None:
    """Takes what was asked under these names out of the URL."""
    for key in keys:
        st.query_params.pop(key, None)
    if "page" in st.session_state:
        st.session_state["page"] = 1


def or_any(choice: str) -> str:
    """A choice for people, where nothing chosen is any."""
    return choice.replace("_", " ") or "any"


def or_no_matter(reason: str) -> str:
    """Why a metric has no value, where nothing chosen asks for those that have one."""
    return reason.replace("_", " ") or "with a value"


def with_family(metric: Row) -> str:
    """A metric's name after its family's."""
    return f"{metric['family'].replace('_', ' ')} · {say.name(metric['metric'])}"


def metric_or_any(metric: str) -> str:
    """A metric's name, where none chosen is any."""
    return say.name(metric) if metric else "any"


def unreadable(home: Path, found: str) -> None:
    """What to do where the warehouse cannot be read as this version reads it."""
    st.error("The warehouse of this home cannot be read: it is damaged, or another version of Heard published it.")
    st.text(f"Found: {found} in {home.resolve()}. Publish it again from what was ingested, which loses nothing:")
    st.code(f"heard rebuild --home {home}", language=None)

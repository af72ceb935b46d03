"""Every figure, from a frame that is ready to draw. Names from outside pass through say.html: plotly reads tags.

A point's customdata is what a click on it opens, as JSON: see links.py.
"""

import json
from calendar import monthrange
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

import plotly.graph_objects as go
import polars as pl

from dashboard import say

BLUE, ORANGE, GREEN, PINK, SKY, RED, YELLOW = (
    *("#0072B2", "#E69F00", "#009E73", "#CC79A7"),
    *("#56B4E9", "#D55E00", "#B8A800"),
)
PALETTE = (BLUE, ORANGE, GREEN, PINK, SKY, RED, YELLOW)
GREY, BAND, LINE = "#8A8A8A", "rgba(86,180,233,0.25)", "rgba(128,128,128,0.35)"
SPEAKERS = {"agent": BLUE, "customer": ORANGE, "supervisor": GREEN, "bot": PINK, "system": GREY, "unknown": GREY}
CLASSES = {"timely": GREEN, "late": ORANGE, "missed": RED, "untriggered": SKY}
REASONS = {
    "measured": BLUE,
    "nothing_to_measure": SKY,
    "open": YELLOW,
    "not_measurable": ORANGE,
    "not_applicable": "#B0B0B0",
}
LONG_WAIT_SECONDS = 3600
DELAY = "escalation_delay_turns"
CONFIG = {"displaylogo": False, "modeBarButtonsToRemove": ["select2d", "lasso2d"], "responsive": True}

Opens = Mapping[str, Any]


def volume(counts: pl.DataFrame) -> go.Figure:
    """Conversations begun per `day`, stacked by `channel`."""
    figure = go.Figure()
    for color, ((channel,), days) in zip(PALETTE, counts.group_by("channel", maintain_order=True), strict=False):
        figure.add_bar(
            x=days["day"],
            y=days["n"],
            name=say.html(channel),
            marker_color=color,
            customdata=opening({"days": [str(day), str(day)], "channel": [channel]} for day in days["day"]),
            hovertemplate="%{x|%a %d %b %Y}: %{y}<extra>" + tagless(channel) + "</extra>",
        )
    return dressed(figure, "Day (UTC)", "Conversations", 280).update_layout(
        barmode="stack", legend={"orientation": "h", "y": 1.0, "yanchor": "bottom", "traceorder": "normal"}
    )


def trend(points: pl.DataFrame, unit: str, metric: str, step: str) -> go.Figure:
    """A metric over time: value, 95 % band and n of each `group` (the day on which a step begins); a click opens it."""
    label = say.name(metric)
    shown = rescaled(points.drop_nulls("value"), unit)
    figure = go.Figure()
    figure.add_scatter(
        x=shown["group"], y=shown["high"], mode="lines", line_width=0, hoverinfo="skip", showlegend=False
    )
    figure.add_scatter(
        x=shown["group"],
        y=shown["low"],
        mode="lines",
        line_width=0,
        fill="tonexty",
        fillcolor=BAND,
        hoverinfo="skip",
        name="95 %",
    )
    figure.add_scatter(
        x=shown["group"],
        y=shown["value"],
        mode="lines+markers",
        line_color=BLUE,
        name=tagless(label),
        customdata=opening({"by": metric, "days": days_of(day, step)} for day in shown["group"]),
        text=hover_words(shown, unit),
        hovertemplate="%{x|from %d %b %Y}<br>%{text}<extra></extra>",
    )
    return dressed(figure, "Beginning (UTC)", axis_title(label, unit), 280).update_layout(showlegend=False)


def groups(rows: pl.DataFrame, unit: str, label: str, column: str, within: Opens = MappingProxyType({})) -> go.Figure:
    """A metric in each `group`, with its 95 % interval and n; a click opens that group, of what is `within`."""
    shown = rescaled(rows.drop_nulls("value"), unit).reverse()
    names = [f"{tagless(group)}  (n {n:,})" for group, n in shown.select("group", "n").rows()]
    figure = go.Figure(
        go.Scatter(
            x=shown["value"],
            y=names,
            mode="markers",
            marker={"color": BLUE, "size": 11},
            error_x=whiskers(shown, BLUE),
            customdata=opening({column: [group], **within} for group in shown["group"]),
            text=hover_words(shown, unit),
            hovertemplate="%{y}<br>%{text}<extra></extra>",
        )
    )
    return dressed(figure, axis_title(label, unit), None, 110 + 34 * shown.height)


def sensitivity(rows: pl.DataFrame, unit: str, label: str) -> go.Figure:
    """A metric at each threshold (`seconds`), with its 95 % interval; the one that is `in_force` filled."""
    shown = rescaled(rows.drop_nulls("value"), unit)
    figure = go.Figure()
    for is_in_force, symbol, name in ((True, "circle", "in force"), (False, "circle-open", "tried")):
        part = shown.filter((pl.col("seconds") == pl.col("in_force")) == is_in_force)
        figure.add_scatter(
            x=[f"{seconds:g} s" for seconds in part["seconds"]],
            y=part["value"],
            mode="markers",
            name=name,
            marker={"color": BLUE, "size": 12, "symbol": symbol, "line": {"width": 2, "color": BLUE}},
            error_y=whiskers(part, BLUE),
            text=hover_words(part, unit),
            hovertemplate="%{x}: %{text}<extra></extra>",
        )
    order = [f"{seconds:g} s" for seconds in shown["seconds"]]
    figure.update_xaxes(categoryorder="array", categoryarray=order)
    figure.update_yaxes(rangemode="tozero")
    return dressed(figure, "Threshold", axis_title(label, unit), 280).update_layout(
        legend={"orientation": "h", "y": 1.0, "yanchor": "bottom"}
    )


def spread(bins: pl.DataFrame, unit: str, metric: str, label: str) -> go.Figure:
    """How many conversations (`n`) have a value in each bin, `low` to `high`; a click opens them."""
    ranges = bins.select("low", "high").rows()
    figure = go.Figure(
        go.Bar(
            x=bins["middle"] * factor(unit),
            y=bins["n"],
            width=bins["width"] * factor(unit),
            marker={"color": BLUE, "line": {"width": 1, "color": "rgba(255,255,255,0.6)"}},
            customdata=opening({"by": metric, "low": low, "high": high} for low, high in ranges),
            text=[_range(low, high, unit) for low, high in ranges],
            textposition="none",
            hovertemplate="%{text}<br>%{y} conversations<extra></extra>",
        )
    )
    return dressed(figure, axis_title(label, unit), "Conversations", 280)


def forest(rows: pl.DataFrame, axis: str, is_ratio: bool) -> go.Figure:
    """Each `indicator` with its `effect` and 95 % interval; grey where it is too small to tell or not `is_clear`."""
    shown = rows.reverse()
    figure = go.Figure()
    for is_clear, color, name in ((True, BLUE, "holds"), (False, GREY, "too uncertain to tell")):
        part = shown.filter(pl.col("is_clear") == is_clear).rename({"effect": "value"})
        figure.add_scatter(
            x=part["value"],
            y=[tagless(say.name(indicator)) for indicator in part["indicator"]],
            mode="markers",
            name=name,
            marker={"color": color, "size": 10, "symbol": "circle" if is_clear else "circle-open"},
            error_x=whiskers(part, color),
            customdata=opening({"indicator": indicator} for indicator in part["indicator"]),
            text=[tagless(words) for words in part["hover"]],
            hovertemplate="%{y}<br>%{text}<extra></extra>",
        )
    figure.add_vline(x=1 if is_ratio else 0, line_color=GREY, line_dash="dash")
    order = [tagless(say.name(indicator)) for indicator in shown["indicator"]]
    figure.update_yaxes(categoryorder="array", categoryarray=order, range=[-0.8, len(order) - 0.2])
    if is_ratio:
        figure.update_xaxes(type="log", tickvals=[0.1, 0.2, 0.5, 1, 2, 5, 10])
    return dressed(figure, axis, None, 130 + 24 * shown.height).update_layout(
        legend={"orientation": "h", "y": 1.0, "yanchor": "bottom"}
    )


def dose(bins: pl.DataFrame, indicator: Opens, outcome: Opens, opens: Sequence[Opens]) -> go.Figure:
    """The `value` of an outcome, with interval and n, in each bin of an indicator (`least` to `most`).

    `opens` is what a click on each bin opens.
    """
    unit, of = str(outcome["unit"]), str(indicator["unit"])
    shown = rescaled(bins.with_columns(opens=pl.Series(opening(opens), dtype=pl.String)).drop_nulls("value"), unit)
    ranges = shown.select("least", "most").rows()
    figure = go.Figure(
        go.Scatter(
            x=[f"{_range(low, high, of)}<br>n {n:,}" for (low, high), n in zip(ranges, shown["n"], strict=True)],
            y=shown["value"],
            mode="lines+markers",
            line={"color": LINE, "dash": "dot"},
            marker={"color": BLUE, "size": 12},
            error_y=whiskers(shown, BLUE),
            customdata=shown["opens"].to_list(),
            text=hover_words(shown, unit),
            hovertemplate="%{x}<br>%{text}<extra></extra>",
        )
    )
    label = axis_title(say.name(str(outcome["metric"])), unit)
    return dressed(figure, axis_title(say.name(str(indicator["metric"])), of, scaled=False), label, 320)


def classes(counts: pl.DataFrame) -> go.Figure:
    """How many escalations (`n`) of each `class` in each `group`; a click opens them."""
    figure = go.Figure()
    for name, color in CLASSES.items():
        part = counts.filter(pl.col("class") == name)
        figure.add_bar(
            y=[tagless(group) for group in part["group"]],
            x=part["n"],
            name=name,
            orientation="h",
            marker_color=color,
            customdata=opening({"team": [group], "escalation": name} for group in part["group"]),
            hovertemplate="%{y}: %{x} " + name + "<extra></extra>",
        )
    height = 150 + 34 * counts["group"].n_unique()
    order = [tagless(group) for group in counts["group"].unique().sort()]
    figure.update_yaxes(autorange="reversed", categoryorder="array", categoryarray=order)
    return dressed(figure, "Conversations", None, height).update_layout(
        barmode="stack", legend={"orientation": "h", "y": 1.0, "yanchor": "bottom", "traceorder": "normal"}
    )


def delays(bins: pl.DataFrame) -> go.Figure:
    """How many escalations (`n`) came after each number of agent turns (`delay_turns`)."""
    figure = go.Figure(
        go.Bar(
            x=bins["delay_turns"],
            y=bins["n"],
            marker_color=[GREEN if turns <= 2 else ORANGE for turns in bins["delay_turns"]],
            customdata=opening({"by": DELAY, "low": turns, "high": turns} for turns in bins["delay_turns"]),
            hovertemplate="%{x} agent turns: %{y}<extra></extra>",
        )
    )
    return dressed(figure, "Agent turns from the trigger to the escalation", "Escalations", 260)


def coverage(rows: pl.DataFrame) -> go.Figure:
    """For each `metric`, how many conversations (`n`) it was measured in, and why not in the others (`reason`)."""
    figure = go.Figure()
    for reason, color in REASONS.items():
        part = rows.filter(pl.col("reason") == reason)
        figure.add_bar(
            y=[tagless(say.name(metric)) for metric in part["metric"]],
            x=part["n"],
            name=reason.replace("_", " "),
            orientation="h",
            marker_color=color,
            customdata=opening(
                {"by": metric} | ({} if reason == "measured" else {"why": reason}) for metric in part["metric"]
            ),
            hovertemplate="%{y}: %{x} " + reason.replace("_", " ") + "<extra></extra>",
        )
    order = [tagless(say.name(metric)) for metric in rows["metric"].unique(maintain_order=True)]
    figure.update_yaxes(categoryorder="array", categoryarray=order[::-1])
    return dressed(figure, "Conversations", None, 130 + 22 * len(order)).update_layout(
        barmode="stack", legend={"orientation": "h", "y": 1.0, "yanchor": "bottom", "traceorder": "normal"}
    )


def timeline(spans: pl.DataFrame) -> go.Figure:
    """A call: a lane a speaker, then those of both at once, silence and hold. `lane`, `start`, `end`, `text`."""
    held = ["hold"] if "hold" in spans["lane"] else []
    lanes = [*(speaker for speaker in SPEAKERS if speaker in spans["lane"]), "both speak", "silence", *held]
    colors = SPEAKERS | {"both speak": RED, "silence": GREY, "hold": YELLOW}
    figure = go.Figure()
    for lane in lanes:
        part = spans.filter(pl.col("lane") == lane)
        figure.add_bar(
            y=[lane] * max(part.height, 1),
            base=part["start"] if part.height else [0],
            x=part["end"] - part["start"] if part.height else [0],
            orientation="h",
            marker={"color": colors[lane], "line": {"width": 0.5, "color": "rgba(255,255,255,0.7)"}},
            text=[tagless(text) for text in part["text"]],
            textposition="none",
            hovertemplate="%{text}<extra></extra>",
        )
    figure.update_yaxes(categoryorder="array", categoryarray=lanes[::-1])
    seconds = max(spans["end"].drop_nulls(), default=0) or 1
    step = next(step for step in (5, 15, 30, 60, 120, 300, 600, 1800, 10**9) if seconds / step <= 10)
    ticks = [at * step for at in range(int(seconds // step) + 1)]
    figure.update_xaxes(tickvals=ticks, ticktext=[say.clock(at) for at in ticks])
    return dressed(figure, "Minutes from the start", None, 90 + 34 * len(lanes)).update_layout(
        barmode="overlay", showlegend=False, bargap=0.25
    )


def messages(rows: pl.DataFrame) -> go.Figure:
    """A written conversation: its messages in order, one lane a speaker; a line where more than an hour passed."""
    lanes = [speaker for speaker in SPEAKERS if speaker in rows["speaker"]]
    numbered = rows.with_row_index("number", offset=1)
    figure = go.Figure()
    for lane in lanes:
        part = numbered.filter(pl.col("speaker") == lane)
        figure.add_scatter(
            x=part["number"],
            y=[lane] * part.height,
            mode="markers",
            marker={"color": SPEAKERS[lane], "size": 13, "symbol": "square"},
            text=[f"{say.moment(at)}<br>{tagless(text)}" for at, text in part.select("sent_at", "text").rows()],
            hovertemplate="%{text}<extra></extra>",
        )
    for number, gap in (
        numbered.filter(pl.col("gap_seconds") > LONG_WAIT_SECONDS).select("number", "gap_seconds").rows()
    ):
        figure.add_vline(x=number - 0.5, line_color=GREY, line_dash="dot", annotation_text=say.duration(gap))
    figure.update_yaxes(categoryorder="array", categoryarray=lanes[::-1])
    return dressed(figure, "Message", None, 120 + 34 * len(lanes)).update_layout(showlegend=False)


def dressed(figure: go.Figure, x: str, y: str | None, height: int) -> go.Figure:
    """The figure with its titles, its height and how it answers to clicks, in the house's form."""
    figure.update_xaxes(title=x, automargin=True)
    figure.update_yaxes(title=y, automargin=True, rangemode="tozero" if y == "Conversations" else "normal")
    return figure.update_layout(
        height=height,
        margin={"l": 8, "r": 8, "t": 24, "b": 8},
        hovermode="closest",
        clickmode="event+select",
        dragmode=False,
        hoverlabel={"align": "left", "namelength": -1},
    )


def factor(unit: str) -> float:
    """What a value is multiplied by to be drawn: shares are drawn in percent."""
    return 100 if unit in ("share 0..1", "yes/no") else 1


def rescaled(rows: pl.DataFrame, unit: str) -> pl.DataFrame:
    """The rows with `value`, `low` and `high` as they are drawn."""
    return rows.with_columns(pl.col("value", "low", "high") * factor(unit))


def axis_title(label: str, unit: str, scaled: bool = True) -> str:
    """An axis's title with its unit."""
    shown = "%" if scaled and factor(unit) == 100 else unit
    return f"{tagless(label)} ({tagless(shown)})"


def tagless(text: object, longest: int = 90) -> str:
    """A text that plotly takes for no tag, cut to length."""
    words = str(text)
    return say.html(words if len(words) <= longest else words[: longest - 1] + "…")


def hover_words(rows: pl.DataFrame, unit: str) -> list[str]:
    """Each rescaled row in words: value, interval and n."""
    back = factor(unit)
    return [
        f"{say.value(value / back, unit)} (95 % {say.interval(low / back, high / back, unit)}), n {n:,}"
        if low is not None
        else f"{say.value(value / back, unit)}, n {n:,}"
        for value, low, high, n in rows.select("value", "low", "high", "n").rows()
    ]


def _range(low: float, high: float, unit: str) -> str:
    return say.value(low, unit) if low == high else f"{say.value(low, unit)} to {say.value(high, unit)}"


def whiskers(rows: pl.DataFrame, color: str) -> dict[str, Any]:
    """The bars of the intervals `low` to `high` around `value`."""
    return {
        "type": "data",
        "symmetric": False,
        "array": (rows["high"] - rows["value"]).fill_null(0),
        "arrayminus": (rows["value"] - rows["low"]).fill_null(0),
        "color": color,
        "thickness": 2,
        "width": 4,
    }


def days_of(first: date, step: str) -> list[str]:
    """The first and last day of a step of time: a day, week or month."""
    days = {"day": 1, "week": 7, "month": monthrange(first.year, first.month)[1]}[step]
    return [str(first), str(first + timedelta(days=days - 1))]


def opening(links: Any) -> Sequence[str]:
    """What a click on each point opens, as customdata."""
    return [json.dumps(link, ensure_ascii=False) for link in links]

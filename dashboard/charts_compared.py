"""The figures of what changed, of agents and teams side by side, and of escalations in time. See charts.py."""

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go
import polars as pl

from dashboard import say
from dashboard.charts import (
    BLUE,
    GREY,
    LINE,
    ORANGE,
    PALETTE,
    PINK,
    axis_title,
    days_of,
    dressed,
    factor,
    hover_words,
    opening,
    rescaled,
    tagless,
    whiskers,
)

PART_COLORS = {"case mix": ORANGE, "agents": PINK, "behaviour": BLUE, "unexplained": GREY}
UNSURE = 0.4  # opacity of what chance could have done
TICKS = {1: "1 s", 10: "10 s", 60: "1 min", 600: "10 min", 3600: "1 h", 21600: "6 h", 86400: "1 day", 604800: "7 days"}

Opens = Mapping[str, Any]
Row = Mapping[str, Any]


def waterfall(rows: pl.DataFrame, unit: str, label: str, names: Sequence[str], opens: Sequence[Opens]) -> go.Figure:
    """The way from the mean before to the mean now, a bar a part (`start` to `stop`); pale where chance could do it.

    `names` and `opens` go with the rows: what each is called, and what a click on it opens.
    """
    times = factor(unit)
    shown = rows.with_columns(names=pl.Series(names), opens=pl.Series(opening(opens), dtype=pl.String))
    figure = go.Figure()
    for part, color in PART_COLORS.items():
        if (mine := shown.filter(pl.col("part") == part)).is_empty():
            continue
        sure = (mine["low"] * mine["high"] > 0).to_list()
        figure.add_bar(
            y=[tagless(name) for name in mine["names"]],
            base=mine["start"] * times,
            x=mine["change"] * times,
            orientation="h",
            name=part,
            marker={"color": color, "opacity": [1 if is_sure else UNSURE for is_sure in sure]},
            text=[say.change(change, unit) for change in mine["change"]],
            textposition="outside",
            cliponaxis=False,
            selected={
                "textfont": {"color": GREY}
            },  # plotly fails at a click on a bar with words where this is not said
            unselected={"textfont": {"color": GREY}},
            customdata=mine["opens"].to_list(),
            hovertext=[_part_words(row, unit) for row in mine.to_dicts()],
            hovertemplate="%{y}: %{hovertext}<extra></extra>",
        )
    for name, dash in (("before", "dot"), ("now", "solid")):
        at = shown[f"mean_{name}"][0] * times
        words = f"{name} {say.value(shown[f'mean_{name}'][0], unit)}"
        figure.add_vline(x=at, line_color=GREY, line_dash=dash)
        figure.add_annotation(
            x=at, y=1, yref="paper", yanchor="bottom", text=words, showarrow=False, yshift=2 if name == "now" else 18
        )
    figure.update_yaxes(categoryorder="array", categoryarray=[tagless(name) for name in names][::-1])
    ends = shown.select(low=pl.min_horizontal("start", "stop").min(), high=pl.max_horizontal("start", "stop").max())
    low, high = (times * end for end in ends.row(0))
    room = 0.2 * (high - low)  # for the words beside the bars
    figure.update_xaxes(range=[low - room, high + room])
    return dressed(figure, axis_title(label, unit), None, 190 + 30 * shown.height).update_layout(
        legend={"orientation": "h", "y": -0.2}, margin={"l": 8, "r": 8, "t": 56, "b": 8}, bargap=0.3
    )


def _part_words(row: Row, unit: str) -> str:
    return f"{say.change(row['change'], unit)} (95 % {say.change(row['low'], unit)} to {say.change(row['high'], unit)})"


def funnel(rows: pl.DataFrame, unit: str, label: str, opens: Sequence[Opens]) -> go.Figure:
    """Each `name` by its n and its mean adjusted for case mix (`value`), within the limits of 95 and 99.8 %.

    Those that differ are named; a click opens what `opens` says of the row.
    """
    times = factor(unit)
    shown = rows.with_columns(opens=pl.Series(opening(opens), dtype=pl.String))
    ordered = shown.sort("n")
    figure = go.Figure()
    for limit, dash, words in (("998", "solid", "99.8 % limits"), ("95", "dot", "95 % limits")):
        for end in ("low", "high"):
            figure.add_scatter(
                x=ordered["n"],
                y=ordered[f"limit_{limit}_{end}"] * times,
                mode="lines",
                line={"color": GREY, "dash": dash, "width": 1},
                name=words,
                legendgroup=limit,
                showlegend=end == "low",
                hoverinfo="skip",
            )
    figure.add_hline(y=shown["overall"][0] * times, line_color=LINE)
    for differs, color, words in ((False, GREY, "within what chance does"), (True, BLUE, "differs: it holds")):
        part = shown.filter(pl.col("differs") == differs)
        figure.add_scatter(
            x=part["n"],
            y=part["value"] * times,
            mode="markers+text" if differs else "markers",
            name=words,
            marker={"color": color, "size": 12 if differs else 9, "symbol": "diamond" if differs else "circle-open"},
            text=[tagless(name) if differs else "" for name in part["name"]],
            textposition="top center",
            customdata=part["opens"].to_list(),
            hovertext=[_peer_words(row, unit) for row in part.to_dicts()],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    legend = {"orientation": "h", "y": 1.0, "yanchor": "bottom"}
    return (
        dressed(figure, "Conversations", axis_title(label, unit), 420)
        .update_layout(legend=legend)
        .update_yaxes(rangemode="normal")
    )


def _peer_words(row: Row, unit: str) -> str:
    value, expected = (say.value(row[name], unit) for name in ("mean", "expected"))
    drawn = [say.change(row[name], unit) for name in ("pooled", "pooled_low", "pooled_high")]
    return (
        f"<b>{tagless(row['name'])}</b>, n {row['n']:,}<br>observed {value}, expected of the same cases {expected}<br>"
        f"difference {drawn[0]} (95 % {drawn[1]} to {drawn[2]})"
    )


def curves(rows: pl.DataFrame, opens: Mapping[str, Opens]) -> go.Figure:
    """The share escalated by each moment after the trigger, a step curve a `name`, with its 95 % band where few."""
    figure = go.Figure()
    names = rows["name"].unique(maintain_order=True).to_list()
    for color, name in zip(PALETTE, names, strict=False):
        part = rows.filter(pl.col("name") == name)
        seconds = part["seconds"].clip(lower_bound=1)
        if len(names) <= 2:
            for end, fill in (("escalated_high", None), ("escalated_low", "tonexty")):
                figure.add_scatter(
                    x=seconds,
                    y=100 * part[end],
                    mode="lines",
                    line={"width": 0, "shape": "hv"},
                    fill=fill,
                    fillcolor="rgba(86,180,233,0.22)",
                    hoverinfo="skip",
                    showlegend=False,
                )
        figure.add_scatter(
            x=seconds,
            y=100 * part["escalated_share"],
            mode="lines+markers",
            marker={"size": 4},
            line={"color": color, "shape": "hv"},
            name=tagless(name),
            customdata=opening([opens[name]] * part.height),
            text=[_moment_words(row) for row in part.to_dicts()],
            hovertemplate=f"{tagless(name)}: %{{text}}<extra></extra>",
        )
    figure.update_xaxes(type="log", tickvals=list(TICKS), ticktext=list(TICKS.values()))
    figure.update_yaxes(range=[0, 102])
    return dressed(figure, "Time since the trigger", "Escalated by then (%)", 380).update_layout(
        legend={"orientation": "h", "y": 1.0, "yanchor": "bottom"}
    )


def _moment_words(row: Row) -> str:
    share = say.value(row["escalated_share"], "share 0..1")
    between = say.interval(row["escalated_low"], row["escalated_high"], "share 0..1")
    return (
        f"{share} after {say.duration(row['seconds'])} (95 % {between}); {row['escalated_count']:,} escalated, "
        f"{row['at_risk_count']:,} still at risk"
    )


def beside(points: pl.DataFrame, unit: str, label: str, step: str, who: str, team: str | None) -> go.Figure:
    """A metric by `group` of time for an agent (`who` true) and for the others of the team; a click opens that time."""
    shown = rescaled(points.drop_nulls("value"), unit)
    figure = go.Figure()
    for is_own, color, name in ((False, GREY, "the others of the team"), (True, BLUE, who)):
        part = shown.filter(pl.col("who") == is_own)
        place = {"agent_id": [who]} if is_own else {"team": [team]} if team else {}
        figure.add_scatter(
            x=part["group"],
            y=part["value"],
            mode="lines+markers",
            name=tagless(name),
            line={"color": color, "dash": "solid" if is_own else "dot"},
            marker={"size": 9 if is_own else 6},
            error_y=whiskers(part, color) if is_own else None,
            customdata=opening({**place, "days": days_of(day, step)} for day in part["group"]),
            text=hover_words(part, unit),
            hovertemplate="%{x|from %d %b %Y}: %{text}<extra></extra>",
        )
    return dressed(figure, "Beginning (UTC)", axis_title(label, unit), 300).update_layout(
        legend={"orientation": "h", "y": 1.0, "yanchor": "bottom"}
    )

"""The figures of a report, in colours that everyone can tell apart (Okabe and Ito)."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from flows.report_data import WEEKS, Data
from flows.report_words import amount, name, short_day
from metrics.overall import Metric, overall

COLOURS = {"voice": "#0072B2", "chat": "#E69F00", "email": "#009E73", "ticket": "#CC79A7", "social": "#56B4E9"}
BLUE, GREY = "#0072B2", "#8b95a3"
CONFIG = {"displayModeBar": False, "responsive": True}


def plotly_js() -> str:
    """The library itself, for a page that fetches nothing."""
    from plotly.offline import get_plotlyjs

    return str(get_plotlyjs())


def volume(data: Data) -> str:
    """Conversations a day by channel, the last 7 days and the 7 before."""
    import plotly.graph_objects as go

    days = [data.day - timedelta(days=back) for back in range(13, -1, -1)]
    counts = data.between(13, 0).group_by("day", "channel").len()
    figure = go.Figure()
    for channel, colour in COLOURS.items():
        of_day = dict(counts.filter(channel=channel).select("day", "len").rows())
        if of_day:
            figure.add_bar(name=channel, x=days, y=[of_day.get(day, 0) for day in days], marker_color=colour)
    figure.add_vline(x=f"{days[6]}T12:00:00", line_color=GREY, line_dash="dot")
    figure.update_layout(barmode="stack", bargap=0.25, showlegend=True)
    return _html(figure, "Conversations a day", days[1::3])


def trend(data: Data, metric: Metric) -> str:
    """A metric by week with its 95 % interval, the last WEEKS weeks."""
    import plotly.graph_objects as go

    backs = [7 * week for week in range(WEEKS - 1, -1, -1)]
    found = [overall(data.between(back + 6, back), metric) for back in backs]
    ends = [data.day - timedelta(days=back) for back in backs]
    points = [(end, e) for end, e in zip(ends, found, strict=True) if e.value is not None]
    figure = go.Figure(
        go.Scatter(
            x=[end for end, _ in points],
            y=[e.value for _, e in points],
            error_y=_error([(e.value, e.low, e.high) for _, e in points]),
            text=[f"{amount(e.value, metric['unit'])} (n = {e.n})" for _, e in points],
            hovertemplate="week to %{x|%d %b}: %{text}<extra></extra>",
            mode="lines+markers",
            line_color=BLUE,
            marker_size=8,
        )
    )
    if metric["unit"] == "yes/no":
        figure.update_yaxes(range=[0, 1], tickformat=".0%")
    if metric["metric"] == "csat":
        figure.update_yaxes(range=[1, 5.1], dtick=1)
    return _html(figure, name(metric["metric"]), ends[1::2], "Week to")


def _error(points: Sequence[tuple[float | None, float | None, float | None]]) -> dict[str, Any]:
    """The bars of the intervals; none where an estimate has no interval."""
    up = [(high or value or 0) - (value or 0) for value, _, high in points]
    down = [(value or 0) - (low or value or 0) for value, low, _ in points]
    return {"type": "data", "array": up, "arrayminus": down, "color": GREY, "thickness": 1.5, "width": 4}


def _html(figure: Any, y_title: str, ticks: Sequence[date], x_title: str | None = None) -> str:
    figure.update_layout(
        height=250,
        margin={"l": 48, "r": 8, "t": 8, "b": 48 if x_title else 32},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": "system-ui, sans-serif", "size": 13},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "traceorder": "normal"},
        hoverlabel={"font_size": 13},
    )
    figure.update_xaxes(
        title=x_title,
        tickangle=0,
        tickvals=list(ticks),
        ticktext=[short_day(day)[4:] for day in ticks],
        fixedrange=True,
    )
    figure.update_yaxes(title=y_title, rangemode="tozero", gridcolor="#d8dee6", fixedrange=True, zeroline=False)
    return str(figure.to_html(full_html=False, include_plotlyjs=False, config=CONFIG, default_height="250px"))

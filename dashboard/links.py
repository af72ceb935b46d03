"""From a figure to the conversations behind it, and from there to one conversation."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from dashboard import filters, say
from dashboard.filters import DAYS

LIST, ONE = "app_pages/conversations.py", "app_pages/conversation.py"
METRIC, CHANGES = "app_pages/metric.py", "app_pages/changes.py"
BEHAVIOUR = "app_pages/behaviour.py"
TEAMS, COACHING = "app_pages/teams.py", "app_pages/coaching.py"

# For figures that stand on the same conversations whatever the filters say: on all of them, or on those of some days.
WHATEVER, THESE_DAYS = {"period": filters.ALL}, {"period": DAYS}
_GOING = "going_to"


def on_click(figure: str) -> None:
    """For a figure's on_select: remembers which conversations its clicked point stands for."""
    points = st.session_state[figure]["selection"]["points"]
    if points and points[0].get("customdata"):
        st.session_state[_GOING] = json.loads(_only(points[0]["customdata"]))


def on_choose(figure: str) -> None:
    """The same where a click chooses something on this page: puts what the point stands for into the URL."""
    points = st.session_state[figure]["selection"]["points"]
    if points and points[0].get("customdata"):
        st.query_params.update(json.loads(_only(points[0]["customdata"])))


def follow() -> None:
    """Goes where a click has led, before anything is drawn."""
    going: Mapping[str, Any] | None = st.session_state.pop(_GOING, None)
    if going is not None:
        go(going)


def go(going: Mapping[str, Any]) -> None:
    """Shows the conversations that are meant: within the filters that are kept, unless it names the period itself."""
    kept = {} if "period" in going else filters.kept()
    days = {"period": DAYS} if "days" in going else {}
    named = {name: value if isinstance(value, list) else str(value) for name, value in going.items()}
    st.switch_page(LIST, query_params={**kept, **days, **named})


def metric_html(metric: Mapping[str, Any]) -> str:
    """A metric's name as a link to its own page, for a place that reads HTML; the filters go along."""
    address = urlencode({**filters.kept(), "metric": metric["metric"]}, doseq=True)
    means, shown = say.html(f"{metric['definition']} Unit: {metric['unit']}."), say.html(say.name(metric["metric"]))
    return f'<a href="metric?{say.html(address)}" target="_self" title="{means}">{shown}</a>'


def _only(value: Any) -> str:
    return value[0] if isinstance(value, list) else value

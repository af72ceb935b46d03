"""Which conversations every page speaks of: chosen in the sidebar, kept in the URL, told as SQL."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Literal

import streamlit as st

from dashboard import say
from dashboard.warehouse import query

PERIODS = {"Last 7 days": 7, "Last 28 days": 28, "Last 90 days": 90}
ALL, DAYS = "Everything", "From … to …"
# Of conversation_wide, where a yes or no may be stored as a number.
ENDINGS = {
    "resolved": "was_resolved::DOUBLE = 1",
    "not resolved": "was_resolved::DOUBLE = 0",
    "rated 4 or 5": "is_csat_positive::DOUBLE = 1",
    "rated below 4": "is_csat_positive::DOUBLE = 0",
    "not rated": "csat IS NULL",
    "escalated": "was_escalated::DOUBLE = 1",
}
NOTHING_NAMED = "(none)"
FILTERS = {"team": "Team", "agent_id": "Agent", "channel": "Channel", "language": "Language", "topic": "Topic"}

Days = tuple[date, date]

_PAGE, _KEPT = "page_shown", "filters_kept"


@dataclass(frozen=True)
class Chosen:
    """A selection: the days (first and last, both included; None for everything) and the values of each filter."""

    days: Days | None
    values: dict[str, list[str]] = field(default_factory=dict)
    ending: str = ""

    @property
    def where(self) -> str:
        """The condition on conversation_wide, with named parameters."""
        return f"{self.facts} AND {ENDINGS[self.ending]}" if self.ending else self.facts

    @property
    def facts(self) -> str:
        """The same less how it ended: a condition on conversation, too."""
        named = [f"coalesce({column}, '{NOTHING_NAMED}') = any(${column})" for column in self.values]
        period = ["started_at >= $since", "started_at < $until"] if self.days else []
        return " AND ".join(period + named) or "true"

    @property
    def parameters(self) -> dict[str, Any]:
        """The values of those parameters."""
        if self.days is None:
            return dict(self.values)
        return {"since": self.days[0], "until": self.days[1] + timedelta(days=1), **self.values}

    @property
    def before(self) -> "Chosen | None":
        """The same filters over the period of the same length just before."""
        if self.days is None:
            return None
        first, last = self.days
        return replace(self, days=(first - (last - first) - timedelta(days=1), first - timedelta(days=1)))

    @property
    def words(self) -> str:
        """The selection in words."""
        period = f"{say.day(self.days[0])} – {say.day(self.days[1])}" if self.days else "every day"
        named = [f"{FILTERS[key]}: {', '.join(values)}" for key, values in self.values.items()]
        return " · ".join([period, *named, *([f"Outcome: {self.ending}"] if self.ending else [])])


def show(page: str) -> None:
    """Draws the filters in the sidebar. Their keys are the names in the URL, so that links and pages share them."""
    _bring_along(page)
    with st.sidebar:
        st.subheader("Which conversations")
        options = [*PERIODS, ALL, DAYS]
        asked = st.query_params.get("period")
        st.session_state["period"] = asked if asked in options else options[_default_period()]
        st.selectbox("Period", options, key="period", on_change=_keep, args=("period",), help=_period_help())
        if st.session_state["period"] == DAYS:
            st.session_state["days"] = _asked_days()
            st.date_input("From, to", key="days", on_change=_keep, args=("days",))
        for column, label in FILTERS.items():
            values = _values(column)
            st.session_state[column] = [value for value in st.query_params.get_all(column) if value in values]
            st.multiselect(label, values, key=column, on_change=_keep, args=(column,), placeholder="all")
        asked = st.query_params.get("ending")
        st.session_state["ending"] = asked if asked in ENDINGS else None
        st.selectbox("Outcome", ENDINGS, key="ending", on_change=_keep, args=("ending",), placeholder="all")
        st.button("Clear the filters", on_click=clear, width="stretch")
    st.session_state[_KEPT] = kept()


def kept() -> dict[str, list[str]]:
    """The filters as they stand in the URL."""
    return {
        key: st.query_params.get_all(key) for key in (*FILTERS, "ending", "period", "days") if key in st.query_params
    }


def chosen() -> Chosen:
    """What is chosen now."""
    values = {column: list(st.session_state.get(column) or []) for column in FILTERS}
    named = {column: picked for column, picked in values.items() if picked}
    return Chosen(_days(), named, st.session_state.get("ending") or "")


def clear() -> None:
    """Takes every filter away; the period stays."""
    for column in (*FILTERS, "ending"):
        st.query_params.pop(column, None)


def _bring_along(page: str) -> None:
    # Streamlit empties the URL on the way to another page; a link that names filters of its own is taken at its word.
    came_from = st.session_state.get(_PAGE)
    st.session_state[_PAGE] = page
    if came_from not in (None, page) and not kept():
        st.query_params.update(st.session_state[_KEPT])


def _keep(key: str) -> None:
    picked = st.session_state[key] or []
    st.query_params[key] = picked if isinstance(picked, str) else [str(value) for value in picked]


def _asked_days() -> tuple[date, ...]:
    try:
        return tuple(sorted(date.fromisoformat(day) for day in st.query_params.get_all("days")[:2])) or _all_days()
    except ValueError:
        return _all_days()


def _days() -> Days | None:
    period = st.session_state.get("period")
    if period == DAYS:
        picked = st.session_state.get("days") or ()
        return (picked[0], picked[-1]) if picked else None
    bounds = _all_days()
    if period not in PERIODS or not bounds:
        return None
    return bounds[-1] - timedelta(days=PERIODS[period] - 1), bounds[-1]


def _all_days() -> Days | tuple[()]:
    """First and last day of a conversation; nothing where none has a time."""
    first, last = query("SELECT min(started_at)::DATE, max(started_at)::DATE FROM conversation").row(0)
    return (first, last) if first else ()


def _default_period() -> Literal[1, 3]:
    return 1 if _all_days() else 3


def _period_help() -> str:
    return (
        "Days count back from the day of the latest conversation, UTC. Conversations without a time are in Everything."
    )


def _values(column: str) -> Sequence[str]:
    # `column` is a key of FILTERS, never text from outside.
    sql = f"SELECT DISTINCT coalesce({column}, '{NOTHING_NAMED}') AS value FROM conversation ORDER BY value"
    return query(sql)["value"].to_list()

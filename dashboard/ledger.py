"""The promises of a selection: how many of each status, how many were kept, and each with its words."""

from datetime import datetime

import polars as pl

from dashboard import quotes, say
from dashboard.estimates import Row, wilson
from dashboard.filters import NOTHING_NAMED, Chosen
from dashboard.listing import Listing
from dashboard.warehouse import query

PAGE = 15
LISTS = {"broken": "Broken", "pending": "Due next", "kept_late": "Kept late", "unknown": "No proof", "kept": "Kept"}
KEPT_MEANS = "Promises kept on time, of those that came due and can be judged (kept, kept late, broken)."

_PROMISES = "(SELECT * RENAME (agent_id AS promised_by) FROM commitment)"  # who promised need not be in charge
_OF_THE_SELECTION = f"FROM {_PROMISES} p JOIN conversation_wide USING (conversation_id) WHERE"


def counts(chosen: Chosen) -> dict[str, int]:
    """How many promises have each status."""
    sql = f"SELECT status, count(*) AS n {_OF_THE_SELECTION} {chosen.where} GROUP BY 1"
    return dict(query(sql, **chosen.parameters).rows())


def kept_share(by_status: dict[str, int]) -> Row:
    """The share that was kept on time, with its interval and n."""
    return _share(by_status.get("kept", 0), sum(by_status.get(status, 0) for status in ("kept", "kept_late", "broken")))


def kept_by(chosen: Chosen, column: str) -> pl.DataFrame:
    """The share kept on time in each group: group, n, value, low, high."""
    sql = (
        f"SELECT coalesce({column}, '{NOTHING_NAMED}') AS \"group\", count(*) FILTER (status = 'kept') AS kept,"
        f" count(*) FILTER (status IN ('kept', 'kept_late', 'broken')) AS n {_OF_THE_SELECTION} {chosen.where}"
        " GROUP BY 1 ORDER BY 1"
    )
    rows = [{"group": group, **_share(kept, n)} for group, kept, n in query(sql, **chosen.parameters).rows()]
    return pl.DataFrame(rows, infer_schema_length=None)


def as_of() -> datetime | None:
    """The moment by which promises were judged."""
    return query("SELECT max_by(as_of, started_at) FROM run").item()


def promises(chosen: Chosen, status: str) -> Listing:
    """The promises of a status; what is due soonest first, otherwise what was due latest."""
    order = "p.due_at NULLS LAST" if status == "pending" else "p.due_at DESC NULLS LAST"
    sql = (
        "SELECT conversation_id, p.turn_index, p.promised_by, team, p.words, p.what, p.made_at, p.due_at,"
        f" p.due_is_assumed, p.kept_at, p.status {_OF_THE_SELECTION} {chosen.where} AND p.status = $status"
        f" ORDER BY {order}, conversation_id, p.turn_index"
    )
    return Listing(sql, {"status": status, **chosen.parameters})


def as_html(row: Row, text: str) -> str:
    """A promise for people: its words in their sentence, who made it, when it is due, what became of it."""
    assumed = " (assumed: no time was named)" if row["due_is_assumed"] else ""
    kept = f" · kept {say.moment(row['kept_at'])}" if row["kept_at"] else ""
    facts = (
        f"{row['promised_by'] or 'agent unknown'} · made {say.moment(row['made_at'])}"
        f" · due {say.moment(row['due_at'])}{assumed}{kept} · {say.one_of(say.STATUS, row['status'])}"
    )
    said = quotes.marked(quotes.sentence(text, row["words"]), row["words"])
    words = f'<p class="said" dir="auto">{f"“{said}”" if said else "(the words of the promise are removed)"}</p>'
    return f'<div class="heard-row">{words}<div class="facts">{say.html(facts)}</div></div>'


def _share(kept: int, n: int) -> Row:
    value, low, high = wilson(kept, n)
    return {"n": n, "value": value, "low": low, "high": high}

"""Outcomes, in files of their own: one at the month's end, one with what came late."""

from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from data.generator.case import Case
from data.generator.survey import Answer, ended_at
from data.generator.write_common import local_stamp, stamp, write_csv

COLUMNS = ["conversation_id", "resolved", "resolved_at", "reopened", "csat", "csat_scale", "nps", "ces", "answered_at",
           "escalated_at", "transferred_at"]  # fmt: skip
LATE = timedelta(days=3)
Row = dict[str, Any]


def row(case: Case, answer: Answer | None, rng: Random) -> Row:
    """What is known of a case's outcome on its own day, and its survey."""
    ended = ended_at(case)
    draws = [rng.random() for _ in range(6)]
    is_known = draws[0] < 0.93
    solved = ended + timedelta(minutes=1 + draws[1] * 9) if draws[1] < 0.8 else ended + timedelta(hours=30 * draws[1])
    given: Row = {
        "conversation_id": case.id,
        "resolved": str(case.resolved).lower() if is_known else "",
        "resolved_at": stamp(solved) if is_known and case.resolved else "",
        "reopened": str(draws[2] < 0.08).lower() if is_known and case.resolved else "",
        "csat": "offered" if draws[3] < 0.1 else "",
    }
    if case.escalated_in is not None and draws[4] < 0.75:
        given["escalated_at"] = stamp(_escalated_at(case, ended))
    if draws[5] < 0.06:
        given["transferred_at"] = stamp(case.started_at + (ended - case.started_at) / 2)
    if answer:
        given |= survey(case, answer)
    return given


def survey(case: Case, answer: Answer) -> Row:
    """The answer; mail and video are rated from 0 to 10."""
    is_ten = case.source in ("email", "social", "zoom")
    return {
        "csat": {1: 0, 2: 3, 3: 5, 4: 8, 5: 10}[answer.csat] if is_ten else answer.csat,
        "csat_scale": "0-10" if is_ten else "1-5",
        "nps": answer.nps if answer.nps is not None else "",
        "ces": answer.ces if answer.ces is not None else "",
        "answered_at": local_stamp(answer.at),
    }


def _escalated_at(case: Case, ended: datetime) -> datetime:
    """When it was handed over: the moment the agent says so."""
    said = next((turn for turn in case.turns if "escalation" in turn.intents), None)
    if said is None:
        return ended
    return said.sent_at or case.started_at + timedelta(seconds=round(said.end or 0))


def is_late(case: Case, answer: Answer | None) -> bool:
    """Whether the answer came days after."""
    return answer is not None and answer.at - ended_at(case) > LATE


def write(folder: Path, cases: list[tuple[Case, Answer | None]], rng: Random) -> None:
    """Both files, with two rows that nobody can use."""
    usual, late = [], []
    for case, answer in cases:
        comes_late = is_late(case, answer)
        usual.append(row(case, None if comes_late else answer, rng))
        if answer and comes_late:
            late.append({"conversation_id": case.id} | survey(case, answer))
    usual.insert(
        17, {"conversation_id": "CALL-99999", "resolved": "true", "csat": 4, "answered_at": "2026-10-02T10:00:00Z"}
    )
    usual.insert(
        140,
        {
            "conversation_id": usual[139]["conversation_id"],
            "csat": 9,
            "csat_scale": "1-5",
            "answered_at": "2026-10-12T08:00:00Z",
        },
    )
    write_csv(folder / "outcomes.csv", usual, COLUMNS)
    write_csv(
        folder / "late.csv",
        late,
        [c for c in COLUMNS if c in ("conversation_id", "csat", "csat_scale", "nps", "ces", "answered_at")],
        "\r\n",
    )

"""From the lake's current frames to every table of the warehouse. Nothing is read or written here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from flows.meanings import meanings, metric_table, stored
from flows.relations import relations
from flows.settings import Settings
from metrics import scorecard
from metrics.catalogue import CATALOGUE
from metrics.contacts import contact_facts
from metrics.load import agent_days
from metrics.measure import measure
from metrics.scorecard import Item, scored
from transforms import schema, thresholds
from transforms.around import with_context
from transforms.before import before_outcome
from transforms.calendar import Calendar, add_hours
from transforms.commitments import ledger
from transforms.contacts import agent_contacts, seen_until
from transforms.conversations import conversations, turn_table, with_agent
from transforms.escalations import escalations
from transforms.facts import conversation_facts
from transforms.fold import fold
from transforms.markers import BACKCHANNELS, add_markers, find, is_unfinished
from transforms.moments import moments
from transforms.outcomes import outcomes
from transforms.speech import sources_with_overlap
from transforms.thresholds import Thresholds
from transforms.turns import build_turns, timing_markers, with_backchannels_as_counted

Frames = dict[str, pl.DataFrame]


@dataclass(frozen=True)
class Tables:
    plain: Frames  # those of schema.WAREHOUSE that a run makes
    wide: Frames  # conversation_wide and conversation_wide_before
    meanings: Mapping[str, str]  # of the wide tables' columns


@dataclass(frozen=True)
class Rules:
    """What the settings say."""

    limits: Thresholds
    calendar: Calendar
    resolved_by_status: Mapping[str, bool]
    scorecard: list[Item]


@dataclass(frozen=True)
class Said:
    """What was said, and the markers found in its words."""

    transcripts: pl.DataFrame
    turns: pl.DataFrame
    spoken: pl.DataFrame


@dataclass(frozen=True)
class Followed:
    """What followed: outcomes, escalations, promises, and the customer's other contacts."""

    outcome: pl.DataFrame
    escalation: pl.DataFrame
    commitment: pl.DataFrame
    across: pl.DataFrame


def make_tables(lake: Frames, settings: Settings, as_of: datetime, now: datetime) -> Tables:
    """Every table, from the transcripts, segments and feedback that stand, as of a moment."""
    rules = read_rules(settings)
    said = _said(lake, rules)
    followed = _followed(said, lake["feedback"], rules, as_of)
    rows, wide, before = _measured(said, followed, rules)
    conversation = conversations(said.transcripts, said.turns, rows)
    conversation = conversation.with_columns(measured_at=pl.lit(now).cast(schema.TIME))
    plain = {
        "conversation": conversation,
        "turn": turn_table(said.turns, pl.Series(fold(said.turns["text"].to_list()), dtype=pl.String)),
        "marker": _markers(said),
        "metric": metric_table(rules.limits),
        "outcome": followed.outcome,
        "commitment": followed.commitment,
        "escalation": followed.escalation,
        "empathy_moment": moments(said.turns, said.spoken, said.transcripts),
        "agent_day": agent_days(said.turns, wide),
        **relations(wide, before, followed.escalation),
        "scorecard_item": scorecard.table(rules.scorecard),
    }
    points = scorecard.meanings(rules.scorecard)
    kept = [stored(frame, conversation, followed.outcome, list(points)) for frame in (wide, before)]
    return Tables(
        {name: schema.WAREHOUSE[name].shape(frame) for name, frame in plain.items()},
        {"conversation_wide": kept[0], "conversation_wide_before": kept[1]},
        meanings(kept, points),
    )


def read_rules(settings: Settings) -> Rules:
    """The thresholds, the calendar and the meaning of statuses that a home's settings ask for."""
    return Rules(
        thresholds.from_settings(settings["thresholds"]),
        Calendar.from_settings(settings["calendar"]),
        settings["outcomes"].get("resolved_by_status", {}),
        scorecard.from_settings(settings["scorecard"], CATALOGUE.metrics),
    )


def _said(lake: Frames, rules: Rules) -> Said:
    turns = build_turns(lake["segment"], lake["transcript"], rules.limits, BACKCHANNELS, is_unfinished)
    spoken = find(turns)
    marked = with_context(add_hours(add_markers(turns, spoken), rules.calendar))
    return Said(with_agent(lake["transcript"], turns), marked, spoken)


def _followed(said: Said, feedback: pl.DataFrame, rules: Rules, as_of: datetime) -> Followed:
    turns, transcripts = said.turns, said.transcripts
    outcome = outcomes(feedback, transcripts, turns, rules.resolved_by_status)
    escalation = escalations(turns, said.spoken, transcripts, outcome)
    contacts = agent_contacts(turns, transcripts)
    seen = seen_until(turns, transcripts)
    commitment = ledger(turns, said.spoken, transcripts, contacts, seen, rules.calendar, as_of)
    across = contact_facts(turns, transcripts, contacts, commitment, outcome, as_of)
    first = across.select("conversation_id", "was_first_contact_resolved")
    outcome = outcome.drop("was_first_contact_resolved").join(first, on="conversation_id", how="left")
    return Followed(outcome.sort("conversation_id"), escalation, commitment, across)


def _measured(said: Said, followed: Followed, rules: Rules) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """What the metrics stand on, the metrics, and the metrics over what came before the outcome alone."""
    overlapping = sources_with_overlap(said.turns, rules.limits)
    rows = _rows(said.turns, said.transcripts, followed, rules, overlapping)
    early = with_context(before_outcome(said.turns, followed.outcome, followed.escalation))
    early_rows = _rows(early, said.transcripts.drop("duration_ms"), followed, rules, overlapping)
    wide = scored(measure(said.turns.lazy(), rows.lazy()).collect(), rules.scorecard)
    return rows, wide, measure(early.lazy(), early_rows.lazy()).collect()


def _rows(
    turns: pl.DataFrame, transcripts: pl.DataFrame, followed: Followed, rules: Rules, overlapping: pl.Series
) -> pl.DataFrame:
    """One row a conversation with every column that metrics over the row stand on."""
    rows = conversation_facts(turns, transcripts, rules.limits, rules.calendar, overlapping)
    for other in (followed.outcome, followed.escalation, followed.across):
        new = ["conversation_id", *(name for name in other.columns if name not in rows.columns)]
        rows = rows.join(other.select(new), on="conversation_id", how="left", maintain_order="left")
    return rows


def _markers(said: Said) -> pl.DataFrame:
    found = pl.concat([with_backchannels_as_counted(said.spoken, said.turns), timing_markers(said.turns)])
    return found.sort("conversation_id", "turn_index", "marker", "start_char")

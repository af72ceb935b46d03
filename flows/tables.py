"""From the lake's current frames to the tables of the warehouse. Nothing is read or written here.

A table belongs either to its conversations (schema.Table.is_by_conversation, and the two wide ones): then it is made
here of some of them, and a run replaces only what it touches. Or it is made of all of them: then from the wide tables.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from flows.meanings import stored
from flows.relations import relations
from flows.settings import Settings
from metrics import scorecard
from metrics.catalogue import CATALOGUE
from metrics.contacts import contact_facts
from metrics.load import agent_days, agent_parts
from metrics.measure import measure
from metrics.scorecard import Item, scored
from transforms import schema, thresholds
from transforms.around import with_context
from transforms.before import before_outcome
from transforms.calendar import Calendar, add_hours
from transforms.commitments import ledger
from transforms.contacts import agent_contacts
from transforms.conversations import conversations, turn_table, with_agent
from transforms.escalations import escalations
from transforms.facts import conversation_facts
from transforms.markers import BACKCHANNELS, add_markers, find, is_unfinished
from transforms.moments import moments
from transforms.outcomes import outcomes
from transforms.thresholds import Thresholds
from transforms.turns import build_turns, timing_markers, with_backchannels_as_counted
from transforms.world import World

Frames = dict[str, pl.DataFrame]
WIDE, BEFORE = "conversation_wide", "conversation_wide_before"
RESTS_ON = (WIDE, BEFORE, "escalation", "agent_part")  # what the tables of all conversations are made of


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


def make_tables(said: Said, lake: Frames, rules: Rules, world: World, as_of: datetime, now: datetime) -> Frames:
    """Every table whose rows belong each to one conversation, as of a moment.

    `said` and `lake` (its feedback and evaluation) hold whole customers: each conversation is measured beside the
    others of its customer.
    """
    followed = _followed(said, lake["feedback"], rules, world, as_of)
    rows, wide, before = _measured(said, followed, rules, world)
    conversation = conversations(said.transcripts, said.turns, rows)
    conversation = conversation.with_columns(measured_at=pl.lit(now).cast(schema.TIME))
    plain = {
        "conversation": conversation,
        "turn": turn_table(said.turns),
        "marker": _markers(said),
        "outcome": followed.outcome,
        "evaluation": lake["evaluation"],
        "commitment": followed.commitment,
        "escalation": followed.escalation,
        "empathy_moment": moments(said.turns, said.spoken, said.transcripts),
        "agent_part": agent_parts(said.turns, said.transcripts),
    }
    points = list(scorecard.meanings(rules.scorecard))
    return {name: schema.WAREHOUSE[name].shape(frame) for name, frame in plain.items()} | {
        name: stored(frame, conversation, followed.outcome, points) for name, frame in ((WIDE, wide), (BEFORE, before))
    }


def make_whole_tables(
    wide: pl.DataFrame, before: pl.DataFrame, escalation: pl.DataFrame, agent_part: pl.DataFrame
) -> Frames:
    """Every table that is made of all conversations together, from those of RESTS_ON as they are stored."""
    whole = {
        "agent_day": agent_days(agent_part, wide),
        **relations(wide, before, escalation),
    }
    return {name: schema.WAREHOUSE[name].shape(frame) for name, frame in whole.items()}


def read_rules(settings: Settings) -> Rules:
    """The thresholds, the calendar and the meaning of statuses that a home's settings ask for."""
    return Rules(
        thresholds.from_settings(settings["thresholds"]),
        Calendar.from_settings(settings["calendar"]),
        settings["outcomes"].get("resolved_by_status", {}),
        scorecard.from_settings(settings["scorecard"], CATALOGUE.metrics),
    )


def read_said(lake: Frames, rules: Rules) -> Said:
    """The turns of the transcripts and segments that stand, with the markers in their words."""
    turns = build_turns(lake["segment"], lake["transcript"], rules.limits, BACKCHANNELS, is_unfinished)
    spoken = find(turns)
    marked = with_context(add_hours(add_markers(turns, spoken), rules.calendar))
    return Said(with_agent(lake["transcript"], turns), marked, spoken)


def _followed(said: Said, feedback: pl.DataFrame, rules: Rules, world: World, as_of: datetime) -> Followed:
    turns, transcripts = said.turns, said.transcripts
    outcome = outcomes(feedback, transcripts, turns, rules.resolved_by_status, world.told)
    escalation = escalations(turns, said.spoken, transcripts, outcome)
    contacts = agent_contacts(turns, transcripts)
    commitment = ledger(turns, said.spoken, transcripts, contacts, world.seen, rules.calendar, as_of)
    across = contact_facts(turns, transcripts, contacts, commitment, outcome, as_of)
    first = across.select("conversation_id", "was_first_contact_resolved")
    outcome = outcome.drop("was_first_contact_resolved").join(first, on="conversation_id", how="left")
    return Followed(outcome.sort("conversation_id"), escalation, commitment, across)


def _measured(
    said: Said, followed: Followed, rules: Rules, world: World
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """What the metrics stand on, the metrics, and the metrics over what came before the outcome alone."""
    overlapping = pl.Series(sorted(world.overlapping), dtype=pl.String)
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

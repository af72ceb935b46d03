"""From the lake's current frames to every table of the warehouse. Nothing is read or written here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from flows.meanings import meanings, metric_table, stored
from flows.settings import Settings
from metrics.association import associate
from metrics.catalogue import CATALOGUE
from metrics.consistency import consistency
from metrics.contacts import contact_facts
from metrics.dose import dose_response
from metrics.load import agent_days
from metrics.measure import measure
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
class Stage:
    """What every later step looks at."""

    turns: pl.DataFrame
    transcripts: pl.DataFrame
    limits: Thresholds
    calendar: Calendar


def make_tables(lake: Frames, settings: Settings, as_of: datetime, now: datetime) -> Tables:
    """Every table, from the transcripts, segments and feedback that stand, as of a moment."""
    limits = thresholds.from_settings(settings["thresholds"])
    calendar = Calendar.from_settings(settings["calendar"])
    turns = build_turns(lake["segment"], lake["transcript"], limits, BACKCHANNELS, is_unfinished)
    transcripts = with_agent(lake["transcript"], turns)
    spoken = find(turns)
    turns = with_context(add_hours(add_markers(turns, spoken), calendar))
    stage = Stage(turns, transcripts, limits, calendar)

    outcome = outcomes(lake["feedback"], transcripts, turns, settings["outcomes"].get("resolved_by_status"))
    escalation = escalations(turns, spoken, transcripts, outcome)
    contacts = agent_contacts(turns, transcripts)
    commitment = ledger(turns, spoken, transcripts, contacts, seen_until(turns, transcripts), calendar, as_of)
    across = contact_facts(turns, transcripts, contacts, commitment, outcome, as_of)
    outcome = _with_first_contact(outcome, across)

    overlapping = sources_with_overlap(turns, limits)
    rows = _rows(stage, overlapping, outcome, escalation, across)
    wide = measure(turns.lazy(), rows.lazy()).collect()
    before_turns = with_context(before_outcome(turns, outcome, escalation))
    before = _before(Stage(before_turns, transcripts, limits, calendar), overlapping, outcome, escalation, across)

    conversation = conversations(transcripts, turns, rows).with_columns(measured_at=pl.lit(now).cast(schema.TIME))
    plain = {
        "conversation": conversation,
        "turn": turn_table(turns, pl.Series(fold(turns["text"].to_list()), dtype=pl.String)),
        "marker": pl.concat([with_backchannels_as_counted(spoken, turns), timing_markers(turns)]).sort(
            "conversation_id", "turn_index", "marker", "start_char"
        ),
        "metric": metric_table(limits),
        "outcome": outcome,
        "commitment": commitment,
        "escalation": escalation,
        "agent_day": agent_days(turns, wide),
        "agent_metric": consistency(wide, _indicators(wide)),
        "association": associate(wide, before),
        "dose_response": dose_response(wide, before),
    }
    wide, before = stored(wide, conversation, outcome), stored(before, conversation, outcome)
    return Tables(
        {name: schema.WAREHOUSE[name].shape(frame) for name, frame in plain.items()},
        {"conversation_wide": wide, "conversation_wide_before": before},
        meanings(wide, before),
    )


def _indicators(wide: pl.DataFrame) -> list[str]:
    metrics = CATALOGUE.metrics.values()
    return [m.name for m in metrics if m.kind == "indicator" and wide.schema[m.name] != pl.String]


def _with_first_contact(outcome: pl.DataFrame, across: pl.DataFrame) -> pl.DataFrame:
    facts = across.select("conversation_id", "was_first_contact_resolved")
    return outcome.drop("was_first_contact_resolved").join(
        facts, on="conversation_id", how="left", maintain_order="left"
    )


def _rows(
    stage: Stage, overlapping: pl.Series, outcome: pl.DataFrame, escalation: pl.DataFrame, across: pl.DataFrame
) -> pl.DataFrame:
    """One row a conversation with every column that metrics over the row stand on."""
    facts = conversation_facts(stage.turns, stage.transcripts, stage.limits, stage.calendar, overlapping)
    for other in (outcome, escalation, across):
        new = ["conversation_id", *(name for name in other.columns if name not in facts.columns)]
        facts = facts.join(other.select(new), on="conversation_id", how="left", maintain_order="left")
    return facts


def _before(
    stage: Stage, overlapping: pl.Series, outcome: pl.DataFrame, escalation: pl.DataFrame, across: pl.DataFrame
) -> pl.DataFrame:
    """The same metrics over the turns before the outcome only."""
    shorter = Stage(stage.turns, stage.transcripts.drop("duration_ms"), stage.limits, stage.calendar)
    return measure(stage.turns.lazy(), _rows(shorter, overlapping, outcome, escalation, across).lazy()).collect()

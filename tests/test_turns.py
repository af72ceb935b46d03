"""How segments become turns, who holds the floor, and what a turn's timing says."""

from datetime import datetime
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.talk import talk, turns_of
from transforms import schema
from transforms.markers import BACKCHANNELS
from transforms.segments import word_count
from transforms.thresholds import DEFAULT, ThresholdsError, from_settings
from transforms.turns import TURN, build_turns, timing_markers


def facts(text: str, *names: str, **transcript: Any) -> list[Any]:
    """The named facts of each turn; bare values where only one is named."""
    rows = turns_of(talk(text, **transcript), marked={}).select(names).rows()
    return [row[0] for row in rows] if len(names) == 1 else rows


def test_segments_up_to_a_second_apart_are_one_turn() -> None:
    assert facts(
        """
        0.0-1.0    customer  I ordered
        2.0-3.0    customer  a lamp
        4.001-5.0  customer  in May.
        """,
        "text",
        "start_ms",
        "end_ms",
    ) == [("I ordered a lamp", 0, 3000), ("in May.", 4001, 5000)]


def test_messages_up_to_a_minute_apart_are_one_turn() -> None:
    turns = """
        10:00:00 customer  Hello
        10:01:00 customer  where is it?
        10:02:01 customer  Hello?
    """
    assert facts(turns, "text", "message_count") == [("Hello where is it?", 2), ("Hello?", 1)]


def test_a_backchannel_of_the_other_does_not_end_a_turn() -> None:
    turns = """
        0.0-2.0  customer  My parcel was sent on Monday,
        2.1-2.4  agent     I see.
        2.6-5.0  customer  and it has not come yet.
    """
    assert facts(turns, "speaker", "is_backchannel") == [("customer", False), ("agent", True)]


def test_words_of_the_other_end_a_turn() -> None:
    turns = """
        0.0-2.0  customer  My parcel was sent on Monday,
        2.1-2.5  agent     On Monday?
        2.6-5.0  customer  and it has not come yet.
    """
    assert facts(turns, "speaker") == ["customer", "agent", "customer"]


def test_overlapping_segments_of_a_speaker_are_one_turn_with_the_latest_end() -> None:
    assert facts(
        """
        0.0-9.0  customer  I have been waiting all the time.
        1.0-2.0  customer  All the time!
        3.0-4.0  agent     Let me look into that now.
        5.0-6.0  customer  Please do.
        """,
        "speaker",
        "end_ms",
    ) == [("customer", 9000), ("agent", 4000)]


@pytest.mark.parametrize(
    "turns",
    [
        "0.0-1.0 agent/ana  Hello.\n1.2-2.0 agent/tom  Hello.",
        "0.0-1.0 unknown  Hello.\n1.2-2.0 unknown  Hello.",
        "agent  Hello.\nagent  Are you there?",
        "10:00:00 agent  Hello.\n10:00:05 agent (note)  VIP.",
        "10:00:00 agent (note)  VIP.\n10:00:05 agent (note)  Be quick.",
    ],
    ids=["two agents", "unknown speakers", "no times", "a note after a message", "two notes"],
)
def test_never_merged(turns: str) -> None:
    assert len(facts(turns, "position")) == 2


def test_time_orders_and_the_number_breaks_ties() -> None:
    conversation = talk("10:05 agent  Late.\n10:00 customer  Second.\n10:00 bot  First.")
    segments = conversation["segment"].with_columns(turn_index=pl.Series([7, 5, 4]))
    turns = turns_of({**conversation, "segment": segments}, marked={})
    assert turns.select("turn_index", "text").rows() == [(4, "First."), (5, "Second."), (7, "Late.")]


def test_turns_are_counted_where_the_numbers_do_not_rise() -> None:
    conversation = talk("10:05 agent  Late.\n10:00 customer  First.")
    segments = conversation["segment"].with_columns(turn_index=pl.Series([4, 5]))
    assert turns_of({**conversation, "segment": segments}, marked={})["turn_index"].to_list() == [0, 1]


def test_without_all_times_the_number_orders() -> None:
    conversation = talk("0.0-1.0 agent  Hello.\ncustomer  Hi.")
    segments = conversation["segment"].with_columns(turn_index=pl.Series([2, 1]))
    assert turns_of({**conversation, "segment": segments}, marked={})["text"].to_list() == ["Hi.", "Hello."]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("l'eau, c’est un rendez-vous", 4),
        ("don't — do it!", 3),
        ("[EMAIL] and **** and [CREDIT CARD]", 2),
        ("😀 … ?!", 0),
        ("Straße 12b, déjà-vu", 3),
        ("हिन्दी 你好", 2),
        ("", 0),
    ],
)
def test_word_count(text: str, count: int) -> None:
    assert pl.DataFrame({"text": [text]}).select(word_count("text")).item() == count


def test_both_must_speak_for_more_than_half_a_second() -> None:
    turns = """
        0.0-4.0  customer  I ordered it last week
        {start}-8.0  agent  Let me stop you right there please
    """
    assert facts(turns.replace("{start}", "3.499"), "is_interruption") == [False, True]
    assert facts(turns.replace("{start}", "3.5"), "is_interruption") == [False, False]


def test_equal_starts_interrupt_nobody() -> None:
    turns = """
        0.0-4.0  customer  I ordered it last week.
        0.0-3.0  agent     Good morning, how can I help?
    """
    assert facts(turns, "is_interruption") == [False, False]


def test_the_customer_can_interrupt() -> None:
    turns = """
        0.0-4.0  agent     Good morning, how can I help you with
        2.0-6.0  customer  I want to speak to somebody who knows.
    """
    assert facts(turns, "speaker", "is_interruption") == [("agent", False), ("customer", True)]


def test_a_pause_within_a_turn_is_no_speech() -> None:
    turns = """
        0.0-10.0  customer  {0.0-1.0 1.05-4.0 7.0-10.0}  I ordered it and it never came.
        5.0-6.5   agent     Let me look at your order now.
    """
    assert facts(turns, "is_interruption", "overlap_ms") == [(False, 0), (False, 0)]


def test_the_moment_between_two_words_is_speech() -> None:
    turns = """
        0.0-6.0  customer  {0.0-3.0 3.1-6.0}  I ordered it and it never came.
        3.05-7.0  agent     Let me look at your order now.
    """
    assert facts(turns, "is_interruption") == [False, True]


def test_talking_into_a_pause_is_no_interruption() -> None:
    turns = """
        0.0-10.0  customer  {0.0-4.0 7.0-10.0}  I ordered it and it never came.
        3.9-6.5   agent     Let me look at your order now.
    """
    assert facts(turns, "is_interruption", "overlap_ms") == [(False, 100), (False, 100)]


def test_speaking_time_is_the_union_of_the_words() -> None:
    turns = "0.0-10.0  customer  {0.0-1.0 0.5-2.0 8.0-10.0}  Where is it?"
    assert facts(turns, "speaking_ms", "end_ms") == [(4000, 10000)]


def test_a_short_turn_inside_the_other_is_a_backchannel_whatever_it_says() -> None:
    turns = """
        0.0-6.0  customer  I ordered it and it never came.
        2.0-{end}  agent     Parcel, four seven.
    """
    assert facts(turns.replace("{end}", "3.0"), "is_backchannel") == [False, True]
    assert facts(turns.replace("{end}", "3.1"), "is_backchannel") == [False, False]


def test_a_listed_word_is_no_backchannel_where_the_other_yields() -> None:
    turns = """
        0.0-2.0  customer  Is it on its way?
        2.5-2.9  agent     Yes.
        4.5-6.0  agent     It left on Monday.
    """
    assert facts(turns, "is_backchannel") == [False, False, False]


def test_more_than_four_words_are_no_backchannel() -> None:
    turns = """
        10:00:00 customer  It never came.
        10:00:30 agent     OK ok ok ok ok
        10:00:50 customer  Never.
    """
    assert facts(turns, "is_backchannel") == [False, False, False]


@pytest.mark.parametrize(("said", "is_cut_off"), [("and it never", True), ("and it never came.", False)])
def test_cut_off_needs_an_unfinished_sentence(said: str, is_cut_off: bool) -> None:
    turns = f"""
        0.0-4.0  customer  I ordered it {said}
        3.0-6.0  agent     Let me stop you right there.
        7.0-8.0  customer  Fine.
    """
    assert facts(turns, "was_cut_off") == [is_cut_off, False, False]
    assert facts(turns, "is_successful_interruption") == [False, is_cut_off, False]


def test_without_punctuation_the_last_words_tell() -> None:
    turns = """
        0.0-4.0  customer  i ordered it last week and
        3.0-6.0  agent     let me stop you right there
        7.0-8.0  customer  it is order four seven
    """
    assert facts(turns, "was_cut_off") == [True, False, False]
    assert facts(turns, "is_successful_interruption", language="xx") == [False, None, False]


def test_one_who_goes_on_is_not_cut_off() -> None:
    turns = """
        0.0-4.0  customer  I ordered it and
        2.9-6.0  agent     Let me stop you right there.
        7.0-8.0  customer  Fine.
    """
    assert facts(turns, "is_interruption", "is_successful_interruption")[1] == (True, False)


def test_timing_markers_carry_no_words() -> None:
    turns = turns_of(
        talk("""
        0.0-4.0  customer  I ordered it and it never
        3.0-6.0  agent     Let me stop you right there.
        """),
        marked={},
    )
    markers = timing_markers(turns)
    assert markers.columns == list(schema.MARKER.columns)
    assert markers.select("turn_index", "marker", "start_char").rows() == [
        (1, "interruption", None),
        (0, "cut_off", None),
    ]


def test_gaps_and_answers() -> None:
    turns = """
        0.0-2.0  customer  Where is it?
        2.6-4.0  agent     On its way.
        3.8-5.0  customer  Since when?
    """
    assert facts(turns, "gap_ms", "response_gap_ms") == [(None, None), (600, 600), (-200, -200)]


def test_moments() -> None:
    turns = turns_of(talk("0.0-2.0  customer  Where is it?", started_at=datetime(2026, 3, 1)), marked={})
    assert [str(moment) for moment in turns.select("said_at", "ended_at").row(0)] == [
        "2026-03-01 00:00:00",
        "2026-03-01 00:00:02",
    ]


def test_thresholds_by_name_and_preset() -> None:
    assert from_settings({"preset": "google"}).silence_seconds == 5
    assert from_settings({"preset": "verint", "interruption_seconds": 2}).interruption_seconds == 2
    with pytest.raises(ThresholdsError, match="has 'silence'; expected preset, voice_merge_seconds"):
        from_settings({"silence": 3})
    with pytest.raises(ThresholdsError, match=r"silence_seconds is '3 s'; expected a number"):
        from_settings({"silence_seconds": "3 s"})


# The same by a slow and obvious reference, over random calls.

SPEAKERS = ("agent", "customer")
TEXTS = ("mhm", "I ordered it on Monday.", "and then it", "ok")
segment = st.tuples(st.sampled_from(SPEAKERS), st.integers(0, 120), st.integers(0, 60), st.sampled_from(TEXTS))


@settings(max_examples=60)
@given(
    st.lists(segment, min_size=1, max_size=9, unique_by=lambda one: (one[1], one[0])), st.randoms(use_true_random=False)
)
def test_turns_agree_with_the_reference_in_any_order_of_rows(
    call: list[tuple[str, int, int, str]], chance: Any
) -> None:
    call = sorted(call, key=lambda one: (one[1], one[0]))
    rows = [
        {"position": number, "speaker": who, "text": text, "start_ms": 100 * start, "end_ms": 100 * (start + length)}
        for number, (who, start, length, text) in enumerate(call)
    ]
    expected = reference(rows)
    shuffled = chance.sample(rows, len(rows))
    conversation = talk("agent  Hello.")
    segments = schema.SEGMENT.shape(
        pl.DataFrame(shuffled).with_columns(conversation_id=pl.lit("a"), kind=pl.lit("message"))
    )
    turns = build_turns(segments, conversation["transcript"], DEFAULT, BACKCHANNELS)
    assert turns.columns == list(TURN)
    found = turns.select("speaker", "start_ms", "end_ms", "is_interruption", "speaking_ms").rows()
    assert found == expected


def reference(rows: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """Turns of one call as the specification says, one by one."""
    runs = joined(rows, [True] * len(rows))
    turns = joined(runs, [not is_backchannel(run, runs) for run in runs])
    inner = [run for run in runs if is_backchannel(run, runs)]
    return [
        (turn["speaker"], turn["start_ms"], turn["end_ms"], interrupts(turn, turns, inner), spoken(turn))
        for turn in turns
    ]


def joined(rows: list[dict[str, Any]], takes_floor: list[bool]) -> list[dict[str, Any]]:
    turns: list[dict[str, Any]] = []
    last: dict[str, int] = {}
    for number, row in enumerate(rows):
        own = [turn for turn in turns if turn["speaker"] == row["speaker"]]
        rivals = [
            other["start_ms"]
            for place, other in enumerate(rows[:number])
            if takes_floor[place] and other["speaker"] != row["speaker"] and place > last.get(row["speaker"], -1)
        ]
        last[row["speaker"]] = number
        spans = row.get("spans", [(row["start_ms"], row["end_ms"])])
        gap = row["start_ms"] - own[-1]["end_ms"] if own else None
        is_between = any(start >= own[-1]["end_ms"] for start in rivals) if own else False
        if gap is not None and (gap < 0 or (gap <= 1000 and not is_between)):
            own[-1]["end_ms"] = max(own[-1]["end_ms"], row["end_ms"])
            own[-1]["text"] += " " + row["text"]
            own[-1]["spans"] += spans
            own[-1]["runs"].append(row)
        else:
            turns.append({**row, "spans": list(spans), "runs": [row]})
    return turns


def is_backchannel(turn: dict[str, Any], turns: list[dict[str, Any]]) -> bool:
    others = [other for other in turns if other["speaker"] != turn["speaker"]]
    following = turns[turns.index(turn) + 1 :]
    starts_inside = any(over(turn["start_ms"], other) for other in others)
    yields = bool(following) and following[0]["speaker"] != turn["speaker"]
    listed = set(turn["text"].split()) <= {"mhm", "ok"} and len(turn["text"].split()) <= 4
    inside = any(
        other["start_ms"] <= turn["start_ms"]
        and turn["end_ms"] <= other["end_ms"]
        and other["end_ms"] - other["start_ms"] > turn["end_ms"] - turn["start_ms"]
        for other in others
    )
    return (listed and (starts_inside or yields)) or (inside and turn["end_ms"] - turn["start_ms"] <= 1000)


def over(moment: int, turn: dict[str, Any]) -> bool:
    return any(start < moment < end for start, end in glued(turn["spans"], 300))


def interrupts(turn: dict[str, Any], turns: list[dict[str, Any]], inner: list[dict[str, Any]]) -> bool:
    if is_backchannel(turn, turns) or all(any(run is one for one in inner) for run in turn["runs"]):
        return False
    start = turn["start_ms"]
    own_stop = glued(turn["spans"], 1000)[0][1]
    others = [other for other in turns if other["speaker"] != turn["speaker"] and over(start, other)]
    stops = [stop for other in others for begin, stop in glued(other["spans"], 1000) if begin < start]
    return any(min(own_stop, stop) - start > 500 for stop in stops)


def glued(spans: list[tuple[int, int]], gap: int) -> list[tuple[int, int]]:
    whole: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if whole and start - whole[-1][1] <= gap:
            whole[-1] = (whole[-1][0], max(end, whole[-1][1]))
        else:
            whole.append((start, end))
    return whole


def spoken(turn: dict[str, Any]) -> int:
    return sum(end - start for start, end in glued(turn["spans"], 0))

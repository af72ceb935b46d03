"""From the plan to the files."""

import shutil
from pathlib import Path
from random import Random

from data.generator import clock, dirt, style, survey, write_amazon, write_outcomes, write_webvtt
from data.generator.case import Case, Turn
from data.generator.grammar import Phrases
from data.generator.outcome import PLANTED
from data.generator.planning import plan
from data.generator.script import Script
from data.generator.survey import Answer
from data.generator.write_common import CALL, CHAT, Row, put, rows, write_csv, write_jsonl, write_parquet
from data.generator.write_zendesk import Export

SAMPLE = Path(__file__).parent.parent / "sample"
PEOPLE = ("teams", "zoom")
FOLDERS = (
    "parquet",
    "csv",
    "jsonl",
    "amazon_transcribe_call_analytics",
    "webvtt_teams",
    "webvtt_zoom",
    "zendesk",
    "outcomes",
)


def build(folder: Path = SAMPLE, seed: int = PLANTED["seed"]) -> list[Case]:
    """Writes the whole sample into the folder; gives its cases."""
    for name in FOLDERS:
        shutil.rmtree(folder / name, ignore_errors=True)
    cases = plan(seed)
    talk(cases, seed)
    answers = [(case, survey.answer(case, Random(f"{seed}:answer:{case.number}"))) for case in cases]
    _write_calls(folder, cases)
    _write_chats(folder, cases)
    _write_machines(folder, cases, Random(f"{seed}:machines"))
    _write_tickets(folder, answers, Random(f"{seed}:tickets"))
    told = [(case, answer) for case, answer in answers if case.source != "zendesk" and case.kind != "follow_up"]
    write_outcomes.write(folder / "outcomes", told, Random(f"{seed}:outcomes"))
    put(folder / "heard.toml", _settings(cases))
    return cases


def talk(cases: list[Case], seed: int) -> None:
    """Gives every case its turns, with their times and their looks."""
    phrases = {language: Phrases(language, Random(f"{seed}:{language}")) for language in ("en", "fr")}
    for case in cases:
        rng = Random(f"{seed}:{case.number}")
        spoken = phrases[case.language]
        turns = Script(case, spoken, rng).write()
        _dress(case, turns, spoken.general["words"]["filler"], rng)
        case.turns = (
            clock.tell_time(case, turns, rng)
            if case.channel == "voice"
            else sorted(turns, key=lambda t: str(t.sent_at))
        )


def _dress(case: Case, turns: list[Turn], fillers: list[str], rng: Random) -> None:
    is_hasty = case.channel in ("chat", "social") and rng.random() < 0.45
    for turn in turns:
        if case.is_asr and turn.kind == "message":
            turn.text = style.asr(turn.text, fillers, rng)
        elif is_hasty and turn.speaker == "customer":
            turn.text = style.hasty(turn.text, rng)


def _of(cases: list[Case], *sources: str) -> list[Row]:
    return [row for case in cases if case.source in sources for row in rows(case)]


def _write_calls(folder: Path, cases: list[Case]) -> None:
    spoken = [c for c in CALL if c not in ("speaker_id",)]
    for name, wanted in (("2026-08-09", lambda m: m < 10), ("2026-10-11", lambda m: m >= 10)):
        some = [case for case in cases if wanted(case.started_at.month)]
        write_parquet(folder / "parquet" / f"calls-{name}.parquet", _of(some, "parquet"), spoken)
    given = dirt.again(dirt.renamed(_of(cases, "calls_csv")), 60)
    wrong = _first(cases, "calls_csv")
    given += dirt.by_operator(dirt.copied(dirt.renamed(wrong), "CALL-90001"))
    given += dirt.ended_before(dirt.copied(dirt.renamed(wrong), "CALL-90002"))
    given = dirt.without(dirt.with_extra(given, "wrap_code", ("A1", "", "B7")), "language", "turn_index")
    columns = [c for c in spoken if c not in ("language", "turn_index")] + ["wrap_code"]
    write_csv(folder / "csv" / "calls-branch.csv", given, columns, "\r\n", bom=True)


def _first(cases: list[Case], source: str) -> list[Row]:
    return rows(next(case for case in cases if case.source == source and case.kind == "new"))


def _write_chats(folder: Path, cases: list[Case]) -> None:
    jsonl, csv = _of(cases, "chats_jsonl", "social"), _of(cases, "chats_csv", "email")
    columns = list(CHAT)
    resent = _resent(jsonl)
    put_jsonl = folder / "jsonl"
    write_jsonl(put_jsonl / "chats.jsonl", dirt.without(jsonl, "language"), columns)
    write_jsonl(put_jsonl / "chats-corrected.jsonl", resent, columns)
    path = put_jsonl / "chats.jsonl"
    put(path, path.read_text(encoding="utf-8") + '{"conversation_id": "CHAT-90004", "speaker": "agent", "text": \n')
    wrong = dirt.numbered_twice(dirt.copied(_first(cases, "chats_csv"), "CHAT-90003"))
    first, second = "2026-10-01", _taken_up_again(cases)
    exports = (("1", "", first), ("2", first, second), ("3", second, "2027"))
    for name, start, end in exports:
        some = [row for row in csv if start <= row["sent_at"] < end] + (wrong if name == "2" else [])
        naive = dirt.without_zone(some) if name == "1" else some
        write_csv(folder / "csv" / f"chats-{name}.csv", dirt.again(naive, 90), columns)


def _taken_up_again(cases: list[Case]) -> str:
    """The first day on which a chat of another day is taken up again, in October or later: two exports share it."""
    return min(
        f"{case.follow_up_at:%Y-%m-%d}"
        for case in cases
        if case.source == "chats_csv" and case.follow_up_at and case.started_at.month >= 10 and _next_day(case)
    )


def _next_day(case: Case) -> bool:
    return case.follow_up_at is not None and case.follow_up_at.date() > case.times[-1][1].date()


def _resent(given: list[Row]) -> list[Row]:
    """The last chat again, a word put right and a message more: the later version stands."""
    last = [row for row in given if row["conversation_id"] == given[-1]["conversation_id"]]
    more = last[-1] | {
        "turn_index": len(last),
        "speaker": "customer",
        "text": "One more thing: thank you.",
        "sent_at": "2026-11-15T21:30:00Z",
    }
    return [last[0] | {"text": last[0]["text"] + " (sent from my phone)"}, *last[1:], more]


def _write_machines(folder: Path, cases: list[Case], rng: Random) -> None:
    for case in cases:
        if case.source == "amazon":
            write_amazon.write(case, folder / "amazon_transcribe_call_analytics", rng)
        elif case.source == "teams":
            write_webvtt.write_teams(case, folder / "webvtt_teams", rng)
        elif case.source == "zoom":
            write_webvtt.write_zoom(case, folder / "webvtt_zoom")
    whole = sorted((folder / "amazon_transcribe_call_analytics").glob("*.json"))[0].read_text(encoding="utf-8")
    put(folder / "amazon_transcribe_call_analytics" / "alderway-call-20261101-cut-off.json", whole[: len(whole) // 3])


def _write_tickets(folder: Path, answers: list[tuple[Case, Answer | None]], rng: Random) -> None:
    staff = list({case.agent.id: case.agent for case, _ in answers}.values())
    export = Export(sorted(staff, key=lambda agent: agent.id), rng)
    for case, answer in answers:
        if case.source == "zendesk":
            export.add(case, answer, reopened=rng.random() < 0.1 and case.kind != "follow_up" and case.exchanges > 1)
    export.write(folder / "zendesk")


SCORECARD = """[scorecard.Listening]
interruption_per_customer_minute = { weight = 10, full = 0, none = 1 }
follow_up_question_share = { weight = 10, full = 0.5 }

[scorecard.Empathy]
validation_response_share = { weight = 20, full = 0.8 }
missed_empathy_count = { weight = 10, full = 0, none = 3 }

[scorecard.Professionalism]
bare_refusal_count = { weight = 10, full = 0, none = 1 }

[scorecard.Solution]
expectation_set_count = { weight = 10, full = 1 }
has_closing_summary = { weight = 5 }

[scorecard."Follow-through"]
commitment_kept_share = { weight = 10 }
had_follow_up = { weight = 5 }
escalation_class = { weight = 10, full = ["timely", "none"] }
"""


def _settings(cases: list[Case]) -> str:
    """The settings under which the sample is measured: its clock, and who is who."""
    names = {
        write_webvtt.name_of(case, turn): turn.speaker for case in cases if case.source in PEOPLE for turn in case.turns
    }
    roles = {"Agent": "agent", "Client": "customer", "Second line": "supervisor", **dict(sorted(names.items()))}
    lines = "\n".join(f'"{name}" = "{role}"' for name, role in roles.items())
    return f"""# Settings for the sample: the company's clock, its scorecard, and who is who where the format tells names only.
[calendar]
time_zone = "Europe/Dublin"
hours = "Mon-Sat 08:00-20:00"

{SCORECARD}
[roles]
{lines}
"""

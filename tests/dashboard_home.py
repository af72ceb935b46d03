"""A home as a run leaves it, for the dashboard to show: calls and chats of a small company, one of them hostile."""

import csv
import random
from datetime import datetime, timedelta
from pathlib import Path

AS_OF = datetime(2026, 11, 1)
BEGIN = datetime(2026, 9, 1, 9)
HOSTILE_ID = "<script>window.hacked=1</script>&[x](javascript:alert(1))"
HOSTILE_TEAM = "<b>bold</b> **team** $x^2$ :red[r]"
HOSTILE_TEXT = (
    '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script> [here](javascript:window.hacked=1) **bold** '
    "$x^2$ </p></mark> I am so angry &lt;b&gt; :red[r] ![i](http://127.0.0.1:1/i.png)"
)
TEAMS = {"billing": ("ana", "ben", "cleo"), "delivery": ("dan", "eva", "fay")}
CUSTOMER = (
    "My parcel is late again and I am so angry!",
    "I want to speak to your manager.",
    "The order number is 4417.",
    "Ça fait trois semaines que j'attends, c'est inadmissible !",
)
AGENT = (
    "I understand how frustrating this must be.",
    "I will call you back tomorrow.",
    "Can you tell me more about what happened?",
    "Let me look at your order for a moment.",
)
SEGMENT = ("conversation_id", "turn_index", "speaker", "text", "start_s", "end_s", "sent_at")
SCORECARD = """
[scorecard.Empathy]
validation_count = { weight = 60, full = 2 }
[scorecard.Closing]
has_closing_summary = { weight = 40 }
"""
COLUMNS = (*SEGMENT, "channel", "started_at", "agent_id", "team", "topic", "customer_id")


def shared_home(folder: Path) -> Path:
    """The home that the tests of this session share, published once."""
    home = folder / "dashboard" / "home"
    return home if (home / "warehouse.duckdb").exists() else publish(home)


def publish(home: Path, conversation_count: int = 120) -> Path:
    """Publishes that many conversations and the hostile one in the home, from files as a user gives them."""
    from flows.build import run

    source = home.parent / f"{home.name}-source"
    source.mkdir(parents=True, exist_ok=True)
    chance = random.Random(7)
    rows, outcomes = [], []
    for number in range(conversation_count):
        team = chance.choice(list(TEAMS))
        said, resolved = _conversation(chance, f"c-{number:03}", team, chance.choice(TEAMS[team]))
        rows += said
        outcomes.append((f"c-{number:03}", str(resolved).lower(), chance.choice(("1", "2", "4", "5", ""))))
    rows += [
        _row(
            HOSTILE_ID,
            turn,
            speaker,
            HOSTILE_TEXT,
            5.0 * turn,
            "voice",
            BEGIN + timedelta(days=55),
            "gus",
            HOSTILE_TEAM,
        )
        for turn, speaker in enumerate(("customer", "agent") * 2)
    ]
    _write(source / "talk.csv", COLUMNS, rows)
    _write(source / "outcomes.csv", ("conversation_id", "resolved", "csat"), outcomes)
    (source / "broken.csv").write_text("conversation_id,speaker,text,turn_index\nb-1,operator,hello,0\n", "utf-8")
    home.mkdir(parents=True, exist_ok=True)
    (home / "heard.toml").write_text(SCORECARD, "utf-8")
    run([str(source)], home, as_of=AS_OF, say=lambda _: None)
    return home


def _conversation(chance: random.Random, name: str, team: str, agent: str) -> tuple[list[tuple], bool]:
    begun = BEGIN + timedelta(hours=chance.randrange(24 * 56))
    channel = chance.choice(("voice", "chat"))
    at, rows, kindness = 0.0, [], 0
    for turn in range(chance.randrange(6, 12)):
        speaker = ("customer", "agent")[turn % 2]
        text = chance.choice(CUSTOMER if speaker == "customer" else AGENT)
        kindness += text == AGENT[0]
        rows.append(_row(name, turn, speaker, text, at, channel, begun, agent, team))
        at += chance.choice((2.2, 4.5, 9.0))
    return rows, chance.random() < 0.3 + 0.2 * kindness


def _row(
    name: str, turn: int, speaker: str, text: str, at: float, channel: str, begun: datetime, agent: str, team: str
) -> tuple:
    sent = (begun + timedelta(seconds=at)).isoformat() + "Z"
    times = (at, at + 3.4, "") if channel == "voice" else ("", "", sent)
    return (name, turn, speaker, text, *times, channel, begun.isoformat() + "Z", agent, team, "parcel", f"of-{name}")


def _write(path: Path, columns: tuple[str, ...], rows: list[tuple]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        sheet = csv.writer(file)
        sheet.writerow(columns)
        sheet.writerows(rows)

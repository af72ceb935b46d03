"""WebVTT as Teams and Zoom export it: a name and words, no roles."""

from pathlib import Path
from random import Random
from uuid import UUID

from data.generator.case import Case, Turn
from data.generator.write_common import put


def name_of(case: Case, turn: Turn) -> str:
    """The name that the meeting shows for who speaks."""
    assert case.customer is not None
    return case.agent.name if turn.speaker == "agent" else f"{case.customer.first} {case.customer.last}"


def write_teams(case: Case, folder: Path, rng: Random) -> None:
    """Cues with an id and a voice tag; the API's older files do not pad their times."""
    is_padded = case.number % 3 > 0
    cues = []
    for number, turn in enumerate(case.turns):
        key = f"{UUID(int=rng.getrandbits(128), version=4)}/{number}-0\n" if is_padded else ""
        cues.append(f"{key}{_span(turn, is_padded)}\n<v {name_of(case, turn)}>{_escaped(turn.text)}</v>")
    put(folder / f"{case.id}.vtt", "WEBVTT\n\n" + "\n\n".join(cues) + "\n")


def write_zoom(case: Case, folder: Path) -> None:
    """Numbered cues, the name before the words; Windows line ends."""
    cues = [
        f"{number}\n{_span(turn, True)}\n{name_of(case, turn)}: {turn.text}"
        for number, turn in enumerate(case.turns, 1)
    ]
    put(folder / f"{case.id}.vtt", ("WEBVTT\n\n" + "\n\n".join(cues) + "\n").replace("\n", "\r\n"))


def _span(turn: Turn, is_padded: bool) -> str:
    return f"{_time(turn.start or 0, is_padded)} --> {_time(turn.end or 0, is_padded)}"


def _time(seconds: float, is_padded: bool) -> str:
    ms = round(seconds * 1000)
    hours, minutes, rest = ms // 3_600_000, ms // 60_000 % 60, ms % 60_000
    if is_padded:
        return f"{hours:02d}:{minutes:02d}:{rest / 1000:06.3f}"
    return (
        f"{hours}:{minutes}:{rest // 1000}.{rest % 1000}"
        if rest % 1000 >= 100
        else f"{hours}:{minutes}:{rest / 1000:.3f}"
    )


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")

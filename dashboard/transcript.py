"""A conversation's transcript as HTML: every word of it escaped, the evidence of each marker shown in place."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any
from urllib.parse import urlencode

from dashboard import say

Row = Mapping[str, Any]
LONG_SILENCE_SECONDS = 3  # spoken
LONG_WAIT_SECONDS = 3600  # written


def transcript(
    turns: Sequence[Row], markers: Sequence[Row], colors: Mapping[str, int], meanings: Row, linked: int | None = None
) -> str:
    """The turns, one block each, with the markers shown. `colors` and `meanings` are by marker.

    What the customer never saw (private notes) or nobody said (events) stands apart; `linked` is the turn of the link.
    """
    found: dict[int, list[Row]] = {}
    for marker in markers:
        found.setdefault(marker["turn_index"], []).append(marker)
    blocks = [
        _turn(turn, found.get(turn["turn_index"], []), colors, meanings, turn["turn_index"] == linked) for turn in turns
    ]
    return f'<div class="heard-transcript" role="list">{"".join(blocks)}</div>'


def legend(counts: Mapping[str, int], colors: Mapping[str, int]) -> str:
    """The markers that are shown, each in its colour with its count."""
    items = [f'<span class="evidence c{colors[name]}">{_name(name)}</span> {n}' for name, n in counts.items()]
    return f'<div class="heard-legend">{" &nbsp; ".join(items)}</div>'


def marked(text: str, spans: Iterable[Row], colors: Mapping[str, int], meanings: Row) -> str:
    """The text with its evidence in place; where spans cross, each piece names all that cover it."""
    inside = [span for span in spans if span["start_char"] is not None]
    edges = sorted(
        {0, len(text), *(min(span[edge], len(text)) for span in inside for edge in ("start_char", "end_char"))}
    )
    pieces = []
    for start, end in pairwise(edges):
        covering = [span for span in inside if span["start_char"] <= start and end <= span["end_char"]]
        pieces.append(_piece(text[start:end], covering, end, colors, meanings))
    return "".join(pieces)


def _piece(text: str, covering: Sequence[Row], end: int, colors: Mapping[str, int], meanings: Row) -> str:
    if not covering:
        return say.html(text)
    title = "\n".join(_title(span, meanings) for span in covering)
    ending = [span["marker"] for span in covering if span["end_char"] == end]
    tags = "".join(f'<span class="tag">{_name(marker)}</span>' for marker in ending)
    color = colors[covering[0]["marker"]]
    means = say.html(title)
    return (
        f'<mark class="evidence c{color}" tabindex="0" title="{means}" data-means="{means}">'
        f"{say.html(text)}{tags}</mark>"
    )


def _title(span: Row, meanings: Row) -> str:
    confidence = f", precision {span['confidence']:.2f}" if span["confidence"] is not None else ""
    return (
        f"{_plain(span['marker'])}: {meanings.get(span['marker']) or 'no definition'} (rule {span['rule']}{confidence})"
    )


def _turn(turn: Row, markers: Sequence[Row], colors: Mapping[str, int], meanings: Row, is_linked: bool = False) -> str:
    apart = "" if turn["kind"] == "message" and turn["speaker"] != "system" else " apart"
    classes = f"turn {say.html(turn['speaker'])} {say.html(turn['kind'])}{apart}{' linked' if is_linked else ''}"
    link = urlencode({"conversation_id": turn["conversation_id"], "turn": turn["turn_index"]})
    text = turn["text"]  # removed, as [retention] asks: then the evidence stands beside the turn
    chips = "".join(_chip(marker, colors, meanings) for marker in markers if marker["start_char"] is None or not text)
    body = marked(text, markers, colors, meanings)
    return (
        f'<div class="{classes}" role="listitem" tabindex="-1"><div class="who"><b>{say.html(turn["speaker"])}</b>'
        f'<a class="when" href="conversation?{say.html(link)}" target="_self" title="A link to this turn">'
        f"#{turn['turn_index']}</a>"
        f'<span class="when">{_when(turn)}</span>{_timing(turn)}{chips}</div>'
        f'<p class="said" dir="auto">{body}</p></div>'
    )


def _chip(marker: Row, colors: Mapping[str, int], meanings: Row) -> str:
    means, color = say.html(_title(marker, meanings)), colors[marker["marker"]]
    shown = _name(marker["marker"])
    return f'<span class="chip c{color}" tabindex="0" title="{means}" data-means="{means}">{shown}</span>'


def _is_spoken(turn: Row) -> bool:
    if turn["sent_at"] is not None:  # several messages of one turn have a beginning and an end, too
        return False
    return None not in (turn["start_seconds"], turn["end_seconds"]) and turn["end_seconds"] > turn["start_seconds"]


def _when(turn: Row) -> str:
    if _is_spoken(turn):
        return f"{say.clock(turn['start_seconds'])}–{say.clock(turn['end_seconds'])}"
    if turn["sent_at"] is not None:
        return say.moment(turn["sent_at"])
    return say.clock(turn["start_seconds"]) or "no time"


def _timing(turn: Row) -> str:
    notes = []
    if turn["kind"] != "message":
        notes.append("private note: the customer did not see it" if turn["kind"] == "note" else "event")
    if turn["is_backchannel"]:
        notes.append("backchannel")
    if (turn["overlap_seconds"] or 0) > 0:
        notes.append(f"{say.duration(turn['overlap_seconds'])} both speak")
    longest, words = (LONG_SILENCE_SECONDS, "of silence") if _is_spoken(turn) else (LONG_WAIT_SECONDS, "without a word")
    if (turn["gap_seconds"] or 0) > longest:
        notes.append(f"after {say.duration(turn['gap_seconds'])} {words}")
    return "".join(f'<span class="note">{say.html(note)}</span>' for note in notes)


def _plain(marker: str) -> str:
    return marker.replace("_", " ")


def _name(marker: str) -> str:
    return say.html(_plain(marker))

"""The markers: each behaviour found in a turn, with the words that show it.

One pass finds the words that patterns cannot do without; the Rust engine then says which patterns match in the turns
that hold theirs, and, of these patterns alone, where.
"""

import re

import numpy as np
import polars as pl

from transforms.context import SIGNS_OF_LAUGHTER, Talk
from transforms.fold import fold
from transforms.needles import Rows, holding, worth
from transforms.places import places
from transforms.rulebook import RULES, Language, Marker, Pattern, raw
from transforms.spans import Matching, Parts, Span, Spans, kinds, search

MARKERS = list(RULES["en"].markers)
BACKCHANNELS = {
    code: raw(language.markers["backchannel"].rules[0].pattern)
    for code, language in RULES.items()
    if "backchannel" in language.markers
}
MARK = re.compile(r"\[(name|phone|email|card|iban|id|ip|secret)\]")
COLUMNS = {
    "row": pl.UInt32,
    "marker": pl.String,
    "start_char": pl.Int64,
    "end_char": pl.Int64,
    "rule": pl.String,
}

TEXTS_AT_A_TIME = 50_000
Found = dict[str, Spans]  # by marker


def find(turns: pl.DataFrame) -> pl.DataFrame:
    """The markers of all that was said: an agent's in agent turns, a customer's in customer turns.

    The turns stand in order, by conversation. Where the speaker is null, a turn counts as spoken by whoever a marker
    belongs to.
    """
    said = turns.filter(pl.col("kind") == "message").with_columns(code=_primary_subtag()).with_row_index("row")
    folded = [marks_as_words(text) for text in fold(said["text"].to_list())]
    talk = Talk(
        said["conversation_id"].to_list(),
        said["speaker"].to_list(),
        said["text"].to_list(),
        folded,
        [RULES.get(code or "") for code in said["code"].to_list()],
        said["topic"].to_list() if "topic" in said.columns else [None] * said.height,
    )
    texts = said.select("row", "speaker", "code", "text", folded=pl.Series(folded, dtype=pl.String))
    texts = texts.with_columns(answer=pl.concat_str(pl.col("folded", "text").shift(-1), separator=" "))
    spoken = [code for code in RULES if code in texts["code"]]
    frames = [_frame(code, _find_language(code, texts.filter(code=code), talk)) for code in spoken]
    return _with_words(pl.concat([pl.DataFrame(schema=COLUMNS), *frames]), said)


def marks_as_words(folded: str) -> str:
    """The text with what redaction put in, such as [name], as words to every rule, letter for letter as long."""
    return MARK.sub(r"_\1_", folded)


def add_markers(turns: pl.DataFrame, markers: pl.DataFrame) -> pl.DataFrame:
    """The turns with a column `<marker>_count` for each marker: null where the language has no rules for it."""
    key = ["conversation_id", "turn_index"]
    counts = markers.group_by(key).agg(
        (pl.col("marker") == name).sum().cast(pl.Int64).alias(f"{name}_count") for name in MARKERS
    )
    with_code = turns.with_columns(_code=_primary_subtag())
    filled = [
        pl.when(pl.col("_code").is_in([code for code in RULES if name in RULES[code].markers])).then(
            pl.col(f"{name}_count").fill_null(0)
        )
        for name in MARKERS
    ]
    return with_code.join(counts, on=key, how="left", maintain_order="left").with_columns(filled).drop("_code")


def is_unfinished(text: str, language: str) -> bool | None:
    """Whether the last words show that the sentence is not over; null where the language has no rules."""
    rules = RULES.get(language.lower().split("-")[0])
    return bool(rules.unfinished.regex.search(fold([text])[0])) if rules else None


def _primary_subtag() -> pl.Expr:
    """en-GB is read by the rules of en."""
    return pl.col("language").str.to_lowercase().str.extract(r"^([a-z]+)")


def _find_language(code: str, texts: pl.DataFrame, talk: Talk) -> Found:
    language = RULES[code]
    matching = _matching(language, texts)
    found: Found = {}
    for name, marker in language.markers.items():
        if marker.of:
            spans = kinds(name, marker, language, talk, matching[name], found[marker.of])
        else:
            spans = search(marker, language, talk, matching[name])
        found[name] = {row: kept for row in sorted(spans) if (kept := _without(marker, spans[row], found, row))}
    return found


def _matching(language: Language, texts: pl.DataFrame) -> dict[str, Matching]:
    """By marker, in which rows its patterns match, and which of their parts do."""
    found = {name: Matching([{} for _ in marker.rules], {}) for name, marker in language.markers.items()}
    for some in texts.iter_slices(TEXTS_AT_A_TIME):
        held = holding(some["folded"], language.needles)
        spoken = {who: some["speaker"].fill_null(who).eq(who).to_numpy() for who in ("agent", "customer")}
        laughed = _laughed(language, some)
        for name, marker in language.markers.items():
            fires = np.zeros(some.height, dtype=bool)
            for rule, parts in zip(marker.rules, found[name].rules, strict=True):
                near = spoken[marker.speaker] & laughed if rule.where == "taken_up" else spoken[marker.speaker]
                fires |= _match(rule.pattern, some, near, None if rule.is_cased else held, parts)
            if marker.unless:
                _match(marker.unless, some, fires, held, found[name].unless)
    return found


def _match(pattern: Pattern, texts: pl.DataFrame, some: np.ndarray, held: Rows | None, found: Parts) -> np.ndarray:
    """In which of some texts a pattern matches; adds to `found` their rows, which of its parts do, and where.

    `held` says what the texts hold, folded; without it they are searched as they were stored.
    """
    matching = np.zeros(len(some), dtype=bool)
    for number, part in enumerate(pattern.parts):
        near = np.flatnonzero(some if held is None else worth(some, part.needles, held))
        if len(near):
            few = texts.select("row", text="text" if held is None else "folded")[near]
            few = few.filter(is_match := few["text"].str.contains(part.rust))
            matching[near[is_match.to_numpy()]] = True
            for row, places_ in zip(few["row"], places(part, few["text"]), strict=True):
                found.setdefault(row, []).append((number, places_))
    return matching


def _laughed(language: Language, texts: pl.DataFrame) -> np.ndarray:
    """Whether the next turn laughs, or may."""
    if "laughter" not in language.words:
        return np.zeros(texts.height, dtype=bool)
    laughter = f"{language.words['laughter'].loose}|{SIGNS_OF_LAUGHTER.pattern}"
    return texts["answer"].str.contains(laughter).fill_null(False).to_numpy()


def _without(marker: Marker, spans: list[Span], found: Found, row: int) -> list[Span]:
    """The spans that share no letter with one of the markers that rule this one out."""
    others = [span for name in marker.without for span in found[name].get(row, [])]
    return [span for span in spans if not span.overlaps(others)]


def _frame(code: str, found: Found) -> pl.DataFrame:
    rows = [
        (row, name, span.start, span.end, f"{code}.{span.rule}" if span.rule == name else f"{code}.{name}.{span.rule}")
        for name, by_row in found.items()
        for row, spans in by_row.items()
        for span in spans
    ]
    return pl.DataFrame(rows, schema=COLUMNS, orient="row")


def _with_words(found: pl.DataFrame, said: pl.DataFrame) -> pl.DataFrame:
    return (
        found.join(said.select("row", "conversation_id", "turn_index", "text"), on="row")
        .sort("row", "start_char", "marker")
        .select(
            "conversation_id",
            "turn_index",
            "marker",
            "start_char",
            "end_char",
            words=pl.col("text").str.slice(pl.col("start_char"), pl.col("end_char") - pl.col("start_char")),
            rule="rule",
            confidence=pl.lit(None, pl.Float64),
        )
    )

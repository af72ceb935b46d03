"""The participants' own names, as the metadata tell them, wherever they stand in what was said."""

import re
from collections.abc import Iterable

import polars as pl

from transforms.fold import fold
from transforms.redaction.words import WORDS, is_in

_WORD = r"[^\W\d_]+(?:['’-][^\W\d_]+)*"
_PERSON = re.compile(rf"(?:{_WORD}\.? ?){{1,5}}")
_ADDRESS = re.compile(r"([^\W\d_]{2,})[._-]([^\W\d_]{2,})@")
PARTICLES = ("de", "la", "le", "du", "des", "van", "der", "den", "von", "da", "dos", "del", "el", "bin", "al", "di")


def names_in(told: str | None) -> list[str]:
    """The words of a person's name: of `Ana Ruiz` both, of `jean.dupont@…` both; of `agent-7` or `Support` none."""
    if not told:
        return []
    address = _ADDRESS.match(told)
    words = list(address.groups()) if address else told.split() if _PERSON.fullmatch(told.strip()) else []
    is_written_as_name = len(words) > 1 or (words and words[0][0].isupper())
    if not is_written_as_name or any(is_in("nobody", word) for word in words):
        return []
    return [word.strip(".") for word in words if len(word.strip(".")) > 1 and word.lower() not in PARTICLES]


def known_names(people: pl.DataFrame) -> pl.DataFrame:
    """Of conversation_id and who takes part in it: `names`, the words of their names, folded, by conversation."""
    distinct = people["person"].unique().drop_nulls()
    words = pl.DataFrame(
        {"person": distinct, "name": [sorted(set(fold(names_in(person)))) for person in distinct]},
        schema={"person": pl.String, "name": pl.List(pl.String)},
    )
    named = people.unique().join(words, on="person").explode("name").drop_nulls("name").filter(pl.col("name") != "")
    return named.select("conversation_id", "name").unique()


def mark_known(texts: pl.Series, conversations: pl.Series, names: pl.DataFrame) -> pl.Series:
    """The texts with these names of their conversations marked; each is conversation_id and name, folded."""
    if names.is_empty():
        return texts
    rows = pl.DataFrame({"conversation_id": conversations, "text": texts}).with_row_index("row")
    rows = rows.join(names.select("conversation_id").unique(), on="conversation_id", how="semi").drop_nulls("text")
    rows = rows.with_columns(folded=pl.Series(fold(rows["text"].to_list()), dtype=pl.String))
    said = rows.join(names, on="conversation_id").filter(pl.col("folded").str.contains(pl.col("name"), literal=True))
    found = said.group_by("row").agg(pl.col("text").first(), "name", pl.col("folded").first()).sort("row")
    marked = [_marked(text, folded, some) for text, folded, some in found.select("text", "folded", "name").iter_rows()]
    return texts.scatter(found["row"], marked) if marked else texts


def _marked(text: str, folded: str, names: Iterable[str]) -> str:
    one = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    pattern = re.compile(rf"(?<![\w\[])(?:{one})(?:[ -]+(?:(?:{'|'.join(PARTICLES)}) )*(?:{one}))*(?!\w)")
    parts, at = [], 0
    for match in pattern.finditer(folded):
        if _is_name(text, match.start(), match.end(), match[0]):
            parts += [text[at : match.start()], "[NAME]"]
            at = match.end()
    return "".join([*parts, text[at:]])


_DETERMINER = re.compile(
    r"\b(?:an?|the|some|any|this|that|each|every|no|une?|le|la|les|des|du|cette|cet?|l['’]|d['’])\s*$", re.I
)


def _is_name(text: str, start: int, end: int, folded: str) -> bool:
    """Whether the word is used as a name: not "a frost"; one that is also a word with a capital inside a sentence."""
    if text[start].islower() and _DETERMINER.search(text[max(0, start - 10) : start]):
        return False
    if folded not in WORDS["also_words"]:
        return True
    begins = re.search(r"(?:^|[.!?\n]\s*)$", text[:start]) is not None
    return text[start].isupper() and text != text.upper() and (not begins or text[end : end + 1] == ",")

"""How much of what is private does the redactor find, and how much of what it marks is private?

    python -m benchmarks.privacy       # by kind and language, over data/privacy; --missed shows each mistake
    python -m benchmarks.privacy --speed     # turns a second of one core, over data/sample

Something private counts as found where nothing of it is left, whatever the mark. A mark is right where it covers
something private and not a word beyond.
"""

import argparse
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import process_time

import polars as pl

from transforms.readers import discover, read
from transforms.redact import KINDS, redact
from transforms.redaction.known import known_names, mark_known

CASES = Path(__file__).parent.parent / "data" / "privacy"
TOLD = CASES / "privacy.md"
PAGE = CASES.parent.parent / "docs" / "privacy.md"
LANGUAGES = ("en", "fr")
MARK = re.compile(r"\[[A-Z][A-Z ]*\]")
OF_MARK = {"ID": "national_number"} | {kind.upper().replace("_", " "): kind for kind in KINDS}
Span = tuple[int, int, str]


@dataclass(frozen=True)
class Case:
    """An utterance, what is private in it, what was said before, and who takes part."""

    text: str
    private: list[Span]
    before: str | None
    people: list[str]

    @classmethod
    def of(cls, line: str) -> "Case":
        """The case that a line of data/privacy describes."""
        named = re.match(r"<([^>]*)> (?=.)", line) if line.startswith("<") else None
        rest = line[named.end() :] if named else line
        before, _, said = rest.rpartition(" >> ")
        text, private = "", []
        for part in re.split(r"(\{\w+:[^}]*\})", said.replace("\\n", "\n")):
            kind, _, words = part[1:-1].partition(":") if part.startswith("{") else ("", "", part)
            private += [(len(text), len(text) + len(words), kind)] if kind else []
            text += words
        return cls(text, private, before or None, named[1].split("; ") if named else [])


def cases(language: str) -> list[Case]:
    """The cases of a language."""
    lines = (CASES / f"{language}.txt").read_text(encoding="utf-8").splitlines()
    return [Case.of(line) for line in lines if line and not line.startswith("#")]


def redacted(some: list[Case]) -> list[str]:
    """The cases' texts as they would be stored, each a conversation of its own."""
    ids = pl.Series([str(number) for number in range(len(some))])
    people = [(str(number), person) for number, one in enumerate(some) for person in one.people]
    names = known_names(pl.DataFrame(people, schema=["conversation_id", "person"], orient="row"))
    texts = mark_known(pl.Series([one.text for one in some]), ids, names)
    return redact(texts, before=pl.Series([one.before for one in some], dtype=pl.String)).to_list()


def marked(text: str, stored: str) -> list[Span]:
    """Where in the text the marks of the stored one stand, and of which kind they are."""
    pieces, kinds = MARK.split(stored), [mark[1:-1] for mark in MARK.findall(stored)]
    pattern = "(.+?)".join(re.escape(piece) for piece in pieces)
    found = re.fullmatch(pattern, text, re.DOTALL)
    if found is None:
        raise ValueError(f"{stored!r} is not {text!r} with marks")
    spans = [(*found.span(number), OF_MARK.get(kind, kind)) for number, kind in enumerate(kinds, 1)]
    return [(start, end, kind) for start, end, kind in spans if not MARK.fullmatch(text[start:end])]


def judge(one: Case, stored: str) -> tuple[list[tuple[Span, bool]], list[tuple[Span, bool]]]:
    """Each private span with whether it was found, and each mark with whether it is right."""
    marks = marked(one.text, stored)
    hidden = {place for start, end, _ in marks for place in range(start, end)}
    private = {place for start, end, _ in one.private for place in range(start, end)}
    letters = {place for place, letter in enumerate(one.text) if letter.isalnum()}
    found = [(span, letters & set(range(*span[:2])) <= hidden) for span in one.private]
    right = [(span, letters & set(range(*span[:2])) <= private) for span in marks]
    return found, right


def rows() -> Iterator[dict[str, object]]:
    """For each kind and language, and for all: how many were private, found, marked and rightly marked."""
    for language in LANGUAGES:
        some = cases(language)
        judged = [judge(*pair) for pair in zip(some, redacted(some), strict=True)]
        found = [span for pair in judged for span in pair[0]]
        right = [span for pair in judged for span in pair[1]]
        for kind in [*KINDS, "all"]:
            private = [is_found for (_, _, of), is_found in found if kind in (of, "all")]
            marks = [is_right for (_, _, of), is_right in right if kind in (of, "all")]
            yield {
                "kind": kind,
                "language": language,
                "private": len(private),
                "found": sum(private),
                "marked": len(marks),
                "right": sum(marks),
                "recall": sum(private) / len(private) if private else None,
                "precision": sum(marks) / len(marks) if marks else None,
            }


def mistakes() -> Iterator[str]:
    """Each case in which something was missed or wrongly marked, beside what would be stored."""
    for language in LANGUAGES:
        some = cases(language)
        for one, stored in zip(some, redacted(some), strict=True):
            found, right = judge(one, stored)
            if not all(good for _, good in [*found, *right]):
                yield f"{language}: {one.text!r}\n    {stored!r}"


def page() -> str:
    """docs/privacy.md: what is redacted and how well, in Markdown."""
    told = TOLD.read_text(encoding="utf-8")
    shown = [
        f"| {row['kind']} | {row['language']} | {row['private']} | {row['recall']:.2f} | {row['marked']} | "
        f"{row['precision']:.2f} |"
        for row in rows()
    ]
    table = ["| kind | language | private | recall | marked | precision |", "|---|---|---|---|---|---|", *shown]
    every = [one for language in LANGUAGES for one in cases(language)]
    hard = sum(not one.private for one in every) / len(every)
    counted = f"{len(every)} utterances, {hard:.0%} of them with nothing private in them but something that looks so."
    return told.replace("{counted}", counted).replace("{table}", "\n".join(table))


def speed() -> str:
    """Turns of the sample redacted in a second of processor time: all of them, and those that hold nothing private."""
    sources, _ = discover([str(CASES.parent / "sample")])
    texts = pl.concat([pl.concat(read(source, {}).segment["text"] for source in sources)] * 10).str.normalize("NFC")
    plain = texts.filter(texts == redact(texts))
    seconds = []
    for some in (texts, plain):
        begun = process_time()
        redact(some)
        seconds.append(process_time() - begun)
    rates = [len(some) / took for some, took in zip((texts, plain), seconds, strict=True)]
    return f"{rates[0]:,.0f} turns a second; {rates[1]:,.0f} of the {len(plain) / len(texts):.0%} with nothing private"


def main() -> None:
    """Prints the figures, the mistakes or the speed."""
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("--missed", action="store_true", help="each mistake")
    given.add_argument("--speed", action="store_true", help="turns a second")
    given.add_argument("--write", action="store_true", help="write docs/privacy.md")
    options = given.parse_args()
    if options.write:
        PAGE.write_text(page(), encoding="utf-8")
        sys.exit()
    if options.missed or options.speed:
        print(*(mistakes() if options.missed else [speed()]), sep="\n")
        sys.exit()
    with pl.Config(tbl_rows=-1, float_precision=3, tbl_hide_dataframe_shape=True, tbl_hide_column_data_types=True):
        print(pl.DataFrame(list(rows())))


if __name__ == "__main__":
    main()

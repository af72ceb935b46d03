"""A whole conversation in one cell, such as `Agent: Hello. Customer: My parcel is late.`: who says what in it."""

import re
from collections import Counter
from collections.abc import Collection

TIME = r"(?:[\[(]?\d{1,2}[:h]\d\d(?::\d\d)?(?:[.,]\d+)?(?:\s?[AaPp][Mm])?[\])]?\s*[-–]?\s*)?"
_LINE = re.compile(rf"\s*{TIME}([^\W\d_][^:\n]{{0,39}}?)\s*:\s*(.*)")
_NAME = re.compile(r"(?:^|(?<=[\s|/>]))([^\W\d_][\w'’-]{1,24})\s?:\s")
_BREAK = re.compile(r"\r\n|\r|\n|<br\s*/?>|\\n", re.IGNORECASE)


def by_line(text: str) -> list[tuple[str | None, str]]:
    """Each line's label, where it begins with one, and the rest of it."""
    found = [(line, _LINE.fullmatch(line)) for line in _BREAK.split(text) if line.strip()]
    return [(match[1].strip(), match[2].strip()) if match else (None, line.strip()) for line, match in found]


def inline_names(text: str) -> list[str]:
    """What may be names of speakers within a line: each single word before a colon."""
    return _NAME.findall(text)


def split(text: str, labels: Collection[str]) -> list[tuple[str | None, str]]:
    """Who says what: by lines where several begin with a label, else wherever one of the labels stands.

    A label is one of these, whatever its case, or one that comes several times.
    """
    wanted = {label.casefold() for label in labels}
    lines = by_line(text)
    begun = [label.casefold() for label, _ in lines if label]
    if len(lines) > 1 and sum(label in wanted or begun.count(label) > 1 for label in begun) > 1:
        recurring = wanted | {label for label in begun if begun.count(label) > 1}
        named = [(label, said, label is not None and label.casefold() in recurring) for label, said in lines]
        return _joined([(label, said) if is_label else (None, _whole(label, said)) for label, said, is_label in named])
    names = Counter(inline_names(text))
    recurring = {name for name, count in names.items() if count > 1} if names.keys() & set(labels) else set()
    return _inline(text, {*labels, *recurring})


def _whole(label: str | None, said: str) -> str:
    return f"{label}: {said}" if label else said


def _joined(lines: list[tuple[str | None, str]]) -> list[tuple[str | None, str]]:
    """Each labelled line with those after it that have no label."""
    said: list[tuple[str | None, str]] = []
    for label, line in lines:
        if label is None and said:
            said[-1] = (said[-1][0], f"{said[-1][1]}\n{line}")
        else:
            said.append((label, line))
    return said


def _inline(text: str, labels: Collection[str]) -> list[tuple[str | None, str]]:
    names = "|".join(re.escape(label) for label in sorted(labels, key=len, reverse=True))
    marks = list(re.finditer(rf"(?:^|(?<=[\s|/>])){TIME}({names})\s?:\s", text)) if names else []
    ends = [*(found.start() for found in marks[1:]), len(text)]
    said = [
        (found[1], text[found.end() : end].strip(" |/\r\n\t"))
        for found, end in zip(marks, ends[: len(marks)], strict=True)
    ]
    before = text[: marks[0].start()].strip() if marks else text.strip()
    return ([(None, before)] if before else []) + said

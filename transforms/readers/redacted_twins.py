"""Amazon writes an analysis twice, as it was said and redacted: where both are there, only the first is read."""

import re
from collections.abc import Sequence
from pathlib import PurePath

from transforms.readers.recognise import head_of
from transforms.readers.transcript import Source

FORMATS = ("contact_lens", "amazon_transcribe")
_IS_REDACTED = re.compile(r'"Output"\s*:\s*"Redacted"')
_ID = re.compile(r'"(?:ContactId|JobName)"\s*:\s*"([^"]+)"')


def without_twins(sources: Sequence[Source]) -> list[Source]:
    """The sources less those that are the redacted form of another."""
    seen = {id(one): _analysis(one) for one in sources if one.format in FORMATS}
    raw = {name for name, is_redacted in seen.values() if not is_redacted}
    twins = {key for key, (name, is_redacted) in seen.items() if is_redacted and name in raw}
    return [one for one in sources if id(one) not in twins]


def analysis_name(name: str) -> str:
    """What a file analyses, as far as its name tells."""
    return PurePath(name).stem.removeprefix("redacted-").split("_analysis")[0]


def _analysis(source: Source) -> tuple[str, bool]:
    """What a file analyses, by its content, else by its name; and whether it is redacted."""
    text = head_of(source.paths[0]).text
    stem = PurePath(source.paths[0].name).stem
    named = _ID.search(text)
    by_name = analysis_name(source.paths[0].name)
    is_redacted = bool(_IS_REDACTED.search(text)) or "_redacted" in stem or stem.startswith("redacted-")
    return named[1] if named else by_name, is_redacted

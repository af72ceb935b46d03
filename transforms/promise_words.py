"""What each language says of when and how a promise is kept, read from rules/promises/<language>.toml."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

SPANS = ("end_of_week", "next_week", "weekend", "end_of_month", "next_month")
GAP = "[ \n,]+"

FOLDER = Path(__file__).parent / "rules" / "promises"


@dataclass(frozen=True)
class When:
    """The words of time: each pattern, and what a match of it stands for."""

    numbers: dict[str, float]
    units: dict[str, re.Pattern[str]]
    months: dict[int, re.Pattern[str]]
    parts: dict[str, re.Pattern[str]]
    soon: re.Pattern[str]
    durations: tuple[re.Pattern[str], ...]
    days: tuple[tuple[re.Pattern[str], int, str | None], ...]
    weekdays: dict[int, re.Pattern[str]]
    dates: tuple[re.Pattern[str], ...]
    spans: dict[str, re.Pattern[str]]
    hours: tuple[re.Pattern[str], ...]
    hours_beside: tuple[re.Pattern[str], ...]
    lead: re.Pattern[str]
    beside: re.Pattern[str]
    joined: re.Pattern[str]


@dataclass(frozen=True)
class Words:
    """All that a language says of promises; `what` in the order to try, strings for the Rust engine."""

    when: When
    what: dict[str, re.Pattern[str]]
    done: re.Pattern[str]
    done_alone: re.Pattern[str]
    done_loosely: str
    common: frozenset[str]
    opened_by_agent: str
    opened_by_customer: str


@cache
def words_of(language: str | None) -> Words | None:
    """The words of a language by its BCP 47 tag ("fr-CA" is French); null where there is no file for it."""
    path = FOLDER / f"{(language or '').partition('-')[0].lower()}.toml"
    if not path.exists():
        return None
    facts = tomllib.loads(path.read_text(encoding="utf-8"))
    return Words(
        when=_when(facts),
        what={what: _compiled("|".join(patterns)) for what, patterns in facts["what"].items()},
        done=_compiled("|".join(facts["done"]["cues"])),
        done_alone=_compiled("|".join(facts["done"]["alone"])),
        done_loosely=_expand("|".join(facts["done"]["cues"] + facts["done"]["alone"])),
        common=frozenset(facts["done"]["common"]),
        opened_by_agent=_expand("|".join(facts["opening"]["by_agent"])),
        opened_by_customer=_expand("|".join(facts["opening"]["by_customer"])),
    )


def _expand(pattern: str, named: Mapping[str, str] = MappingProxyType({})) -> str:
    """The pattern as a plain regular expression: lists filled in, gaps, apostrophes and hyphens made tolerant."""
    for name, words in named.items():
        pattern = pattern.replace(f"{{{name}}}", f"(?:{words})")
    tolerant = re.sub(r"(?<=[a-z])-(?=[a-z])", "[- ]?", pattern).replace("'", "\0").replace(" ", GAP)
    return rf"\b(?:{tolerant})".replace("\0", " ?'? ?")


def _compiled(pattern: str, named: Mapping[str, str] = MappingProxyType({})) -> re.Pattern[str]:
    return re.compile(_expand(pattern, named) + r"(?!\w)")


def _when(facts: dict[str, Any]) -> When:
    patterns = facts["patterns"]
    named = {
        "number": "|".join(sorted(facts["numbers"], key=len, reverse=True)).replace(" ", r"[\s-]"),
        "unit": "|".join(facts["units"].values()),
        "slow_unit": "|".join(unit for name, unit in facts["units"].items() if not name.endswith("hour")),
        "month": "|".join(facts["months"].values()),
    }
    several = r"(?:\d{1,3}\s*-\s*|(?:\d{1,3}|{number}) (?:to|or|and|a|ou|et) )?"
    number = several + r"(?P<n>\d{1,3}|{number})\s*-?(?P<unit>{unit})"

    def one(pattern: str) -> re.Pattern[str]:
        return _compiled(pattern, named)

    def many(listed: list[str]) -> tuple[re.Pattern[str], ...]:
        return tuple(one(pattern) for pattern in listed)

    return When(
        numbers=facts["numbers"],
        units={unit: one(pattern) for unit, pattern in facts["units"].items()},
        months={int(month): one(pattern) for month, pattern in facts["months"].items()},
        parts={part: one(pattern) for part, pattern in facts["parts"].items()},
        soon=one(patterns["soon"]),
        durations=(
            *many(patterns["duration"]),
            one(f"({patterns['before_number']}) {number}"),
            one(f"{number} ({patterns['after_number']})"),
        ),
        days=tuple((one(day["words"]), day["offset"], day.get("part")) for day in facts["day"]),
        weekdays={int(day): one(pattern) for day, pattern in facts["weekdays"].items()},
        dates=many(patterns["date"]),
        spans={name: one(patterns[name]) for name in SPANS},
        hours=many(patterns["hour"]),
        hours_beside=many(patterns["beside_hour"]),
        lead=re.compile(_expand(patterns["lead"]) + " ?$"),
        beside=re.compile(rf"[ ,]*(?:{_expand(patterns['beside'])})?[ ,]*"),
        joined=re.compile(rf"[ ,]*(?:{_expand(patterns['joined'])})[ ,]*"),
    )

"""What the turns around decide: the conditions that a rule may name in `where`."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice

from transforms.rulebook import Language, Pattern

REMEMBERED = 50  # own turns; without a limit, a conversation of thousands of turns would take their square
NEAR = 500  # turns that are looked at, and
LONGEST = 2000  # letters of a sentence, for the same reason
LEAD = 20  # letters before a question in which its subject may be named: "the bang, is it loud"
SKIPPED = 3  # of the other party's turns, those without substance that are passed over
STEM = 5  # letters without the ending that make two words the same: refund, refunded
LETTERS = re.compile(r"[a-z0-9]{3,}")
SENTENCE_END = re.compile(r"[!\n|]|\?(?!\w+=)|(?<!\.\w)(?<! m)\.(?!\w)")  # but no dot of 3.5, a.m. or example.com
SIGNS_OF_LAUGHTER = re.compile(
    "[\U0001f600-\U0001f606\U0001f609\U0001f60a\U0001f60b\U0001f61c-\U0001f61d\U0001f923]|[:;]-?[)DpP]"
)


@dataclass
class Talk:
    """All turns in order, by row: what was said (as stored and folded), by whom, in which conversation."""

    conversation: list[str]
    speaker: list[str | None]
    text: list[str]
    folded: list[str]
    language: list[Language | None]
    topic: list[str | None]
    stems: dict[int, frozenset[str]] = field(default_factory=dict)
    told: dict[tuple[int, str], bool] = field(default_factory=dict)  # by turn, what was asked of it before

    def before(self, row: int, count: int) -> Iterator[int]:
        """The other party's last turns before this one, the nearest first."""
        return self._near(row, -1, count, same=False)

    def heard(self, row: int, count: int) -> Iterator[int]:
        """Of the other party's last turns those of substance: no mere "yes" or "okay"."""
        return islice((near for near in self.before(row, count + SKIPPED) if self.content(near)), count)

    def after(self, row: int, count: int) -> Iterator[int]:
        """The other party's next turns."""
        return self._near(row, 1, count, same=False)

    def own_before(self, row: int) -> Iterator[int]:
        """The speaker's own turns before this one, the nearest first, as far back as anyone remembers."""
        return self._near(row, -1, REMEMBERED, same=True)

    def _near(self, row: int, step: int, count: int, same: bool) -> Iterator[int]:
        for near in range(row + step, row + step * NEAR, step):
            if not (0 <= near < len(self.text) and self.conversation[near] == self.conversation[row] and count):
                return
            if self.speaker[row] is None or (self.speaker[near] == self.speaker[row]) == same:
                yield near
                count -= 1

    def content(self, row: int) -> frozenset[str]:
        """The stems of a turn's content words."""
        if row not in self.stems:
            self.stems[row] = stems(self.folded[row], self.language[row])
        return self.stems[row]


def stems(folded: str, language: Language | None) -> frozenset[str]:
    """The beginnings of the words that carry content."""
    if language is None:
        return frozenset()
    common, endings, irregular = language.words["common"], language.endings, language.irregular
    words = (irregular.get(word, word) for word in LETTERS.findall(folded))
    return frozenset(stem for word in words if (stem := _stem(word, common, endings)))


@lru_cache(100_000)
def _stem(word: str, common: Pattern, endings: tuple[str, ...]) -> str:
    if common.regex.fullmatch(word):
        return ""
    bare = next((word.removesuffix(end) for end in endings if word.endswith(end) and len(word) >= len(end) + 3), word)
    return (bare[:-1] if bare[-1] == bare[-2] else bare)[:STEM]


def sentence(text: str, start: int, end: int) -> str:
    """The sentence around a span."""
    earliest = max(0, start - LONGEST)
    begins = max((found.end() for found in SENTENCE_END.finditer(text, earliest, start)), default=earliest)
    ends = SENTENCE_END.search(text, max(start, end - 1), end + LONGEST)
    return text[begins : ends.end() if ends else end + LONGEST]


def short(talk: Talk, row: int, start: int, end: int) -> bool:
    """The turn has at most four words."""
    return len(re.findall(r"\w[\w'-]*", talk.folded[row])) <= 4


def after_feeling(talk: Talk, row: int, start: int, end: int) -> bool:
    """The other party spoke of a feeling in one of the two turns before."""
    return any(_has(talk, near, "feeling") for near in talk.before(row, 2))


def after_misfortune(talk: Talk, row: int, start: int, end: int) -> bool:
    """The other party spoke of a feeling or a misfortune in one of the two turns before."""
    return any(_has(talk, near, "feeling") or _has(talk, near, "misfortune") for near in talk.before(row, 2))


def shares_content(talk: Talk, row: int, start: int, end: int) -> bool:
    """The words, or those just before them, take up a content word of what the other party said just before."""
    said = stems(talk.folded[row][max(0, start - LEAD) : end], talk.language[row])
    return any(said & talk.content(near) and not _spoke(talk, row, near) for near in talk.heard(row, 1))


def _spoke(talk: Talk, row: int, since: int) -> bool:
    """Whether the speaker of a turn has said something of substance since an earlier one."""
    speaker = talk.speaker[row]
    return any(speaker and talk.speaker[own] == speaker and talk.content(own) for own in range(since + 1, row))


def restates(talk: Talk, row: int, start: int, end: int) -> bool:
    """Two of the content words, or the only one, are the other party's of one of the two last turns of substance."""
    said = stems(talk.folded[row][start:end], talk.language[row])
    shared = (len(said & talk.content(near)) for near in talk.heard(row, 2) if not _asks(talk, near))
    return any(count >= min(2, len(said)) > 0 for count in shared)


def echoes(talk: Talk, row: int, start: int, end: int) -> bool:
    """Two of the content words, and half of all, are the other party's of one of the two last turns of substance."""
    said = stems(talk.folded[row][start:end], talk.language[row])
    shared = (len(said & talk.content(near)) for near in talk.heard(row, 2) if not _asks(talk, near))
    return any(2 <= count >= len(said) / 2 for count in shared)


def turns_round(talk: Talk, row: int, start: int, end: int) -> bool:
    """In the turn just before, the other party told something of themselves: "I" there is "you" here."""
    return any(_has(talk, near, "oneself") and not _asks(talk, near) for near in talk.before(row, 1))


def uncalled_for(talk: Talk, row: int, start: int, end: int) -> bool:
    """Nothing of it was brought up before by the other party, or is in the topic."""
    language = talk.language[row]
    asked = stems(talk.folded[row][start:end], language)
    if asked & stems((talk.topic[row] or "").lower(), language):
        return False
    return not any(asked & talk.content(near) for near in talk.before(row, len(talk.text)))


def resembles_earlier(talk: Talk, row: int, start: int, end: int) -> bool:
    """The sentence shares two content words, and half of all, with an earlier complaint of the same speaker."""
    said = stems(sentence(talk.folded[row], start, end), talk.language[row])
    return len(said) >= 2 and any(_resembles(talk, said, near) for near in talk.own_before(row))


def _resembles(talk: Talk, said: frozenset[str], earlier: int) -> bool:
    other = talk.content(earlier)
    enough = max(2, min(len(said), len(other)) / 2)
    return len(said & other) >= enough and _has(talk, earlier, "trouble")


def complains(talk: Talk, row: int, start: int, end: int) -> bool:
    """The turn tells of trouble."""
    return _has(talk, row, "trouble")


def requested(talk: Talk, row: int, start: int, end: int) -> bool:
    """The other party asked for something in the turn before: only then is a bare "no" a refusal."""
    return any(_has(talk, near, "request") for near in talk.before(row, 1))


def taken_up(talk: Talk, row: int, start: int, end: int) -> bool:
    """The other party laughs in the very next turn."""
    return any(
        near == row + 1 and (_has(talk, near, "laughter") or bool(SIGNS_OF_LAUGHTER.search(talk.text[near])))
        for near in talk.after(row, 1)
    )


def answered(talk: Talk, row: int, start: int, end: int) -> bool:
    """The other party's very next turn begins with a yes or a no: without signs, that is how a question shows."""
    return any(near == row + 1 and _answers(talk, near) for near in talk.after(row, 1))


def _answers(talk: Talk, row: int) -> bool:
    language = talk.language[row]
    return bool(language and language.words["answer"].regex.match(talk.folded[row]))


def timed(talk: Talk, row: int, start: int, end: int) -> bool:
    """The span names a time."""
    language = talk.language[row]
    return bool(language and language.words["when"].regex.search(talk.folded[row], start, end))


def dated(talk: Talk, row: int, start: int, end: int) -> bool:
    """The span names a time, and no vague one."""
    language = talk.language[row]
    if language is None:
        return False
    times = language.words["when"].regex.finditer(talk.folded[row], start, end)
    return any(not language.words["vague"].regex.fullmatch(time[0].strip()) for time in times)


def _asks(talk: Talk, row: int) -> bool:
    """Whether a turn, whoever speaks, asks a question by its form."""
    if (row, "asks") not in talk.told:
        language = talk.language[row]
        rules = language.markers["question"].rules if language and "question" in language.markers else ()
        asks = any(rule.where is None and rule.pattern.regex.search(talk.folded[row]) for rule in rules)
        talk.told[row, "asks"] = asks
    return talk.told[row, "asks"]


def _has(talk: Talk, row: int, words: str) -> bool:
    """Whether a turn holds a word of a class."""
    if (row, words) not in talk.told:
        language = talk.language[row]
        talk.told[row, words] = bool(language and language.words[words].regex.search(talk.folded[row]))
    return talk.told[row, words]


Condition = Callable[[Talk, int, int, int], bool]
CONDITIONS: dict[str, Condition] = {
    condition.__name__: condition
    for condition in (
        short,
        after_feeling,
        after_misfortune,
        shares_content,
        restates,
        echoes,
        turns_round,
        uncalled_for,
        resembles_earlier,
        complains,
        requested,
        taken_up,
        answered,
        timed,
        dated,
    )
}

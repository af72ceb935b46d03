"""An association in words that people grasp."""

from metrics.case_mix import NAMES
from metrics.catalogue import Metric
from metrics.results import Result
from metrics.units import COUNT, PER_100_TURNS, PER_MINUTE, SECONDS, SHARE, TURNS, WORDS, WORDS_PER_MINUTE, YES_NO

STEPS = {1.0: "1 second", 10.0: "10 seconds", 60.0: "1 minute", 600.0: "10 minutes", 3600.0: "1 hour", 86400.0: "1 day"}


# How one more of an indicator is said, by unit: the step, the ending of its name that the words repeat, the words.
WORDING = {
    YES_NO: (1.0, "", "“{}”, yes rather than no,"),
    SHARE: (0.1, " share", "10 points more of {} (share)"),
    PER_100_TURNS: (1.0, " per 100 turns", "one more {} per 100 agent turns"),
    PER_MINUTE: (1.0, " per customer minute", "one more {} per customer minute"),
    COUNT: (1.0, " count", "one more {}"),
    TURNS: (1.0, " turns", "one turn more of {}"),
    WORDS: (10.0, " word count", "10 words more of {}"),
    WORDS_PER_MINUTE: (10.0, "", "10 more {}"),
}


def grasped_step(metric: Metric, spread: float) -> tuple[float, str]:
    """A step of the indicator that people grasp, and its words: one more, 10 points more, a minute more."""
    name = metric.name.replace("_", " ")
    if metric.unit in WORDING:
        step, ending, words = WORDING[metric.unit]
        return step, words.format(name.removesuffix(ending))
    if metric.unit == SECONDS:
        step = max((length for length in STEPS if length <= spread), default=1.0)
        return step, f"{STEPS[step]} more of {name.removesuffix(' seconds')}"
    step = 10.0 if spread >= 10 else 1.0 if spread >= 1 else 0.1
    return step, f"{step:g} more of {name}"


def associated(
    behaviour: str, result: Result, changes: tuple[float, float, float], n: int, adjusted_for: list[str]
) -> str:
    """The sentence: what goes with what, how much, how sure, on how many, adjusted for what."""
    change, low, high = changes
    percent = " %" if result.kind == "log time" else " points of"
    adjusted = ", ".join(NAMES[fact] for fact in adjusted_for) or "nothing"
    return (
        f"{_first_up(behaviour)} is associated with {_told(change)}{percent} {result.words}, "
        f"95 % interval {_told(low)} to {_told(high)}, n = {n}; adjusted for {adjusted}."
    )


def too_small(why: str, n: int) -> str:
    """The sentence where nothing can be said, and why."""
    return f"Too small to tell: {why} (n = {n})."


def _told(value: float) -> str:
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 1 else 2
    return f"{round(value, digits) + 0.0:+.{digits}f}"


def _first_up(words: str) -> str:
    return words[:1].upper() + words[1:]

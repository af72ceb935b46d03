"""Every threshold with its default, and the presets that reproduce what vendors publish."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any


class ThresholdsError(Exception):
    """One line: where, what was found, what was expected, what to do."""


@dataclass(frozen=True)
class Thresholds:
    """Limits by which turns are cut and timings judged; seconds unless the name says otherwise."""

    voice_merge_seconds: float = 1.0  # a speaker's segments up to this far apart are one turn (voice)
    text_merge_seconds: float = 60.0  # the same for messages
    word_pause_seconds: float = 0.3  # words up to this far apart are one run of speech
    interruption_seconds: float = 0.5  # both speak at once for more than this
    cut_off_seconds: float = 1.0  # the other stops within this of the overlap's start
    backchannel_seconds: float = 1.0  # a turn inside the other's is a backchannel up to this
    backchannel_word_count: int = 4  # a listed affirmation is a backchannel up to this
    writing_pair_seconds: float = 20.0  # two customer messages belong together up to this far apart
    writing_seconds: float = 10.0  # an agent's message within this of the first came too early
    silence_seconds: float = 3.0  # a mutual gap longer than this is silence
    shown_overlap_seconds: float = 0.1  # a source shows overlap where both speak for more than this

    def having(self, name: str, seconds: float) -> "Thresholds":
        """The same with one threshold at another number of seconds."""
        changed: dict[str, Any] = {name: seconds}
        return replace(self, **changed)

    def ms(self, name: str) -> int:
        """A threshold in whole milliseconds."""
        return round(getattr(self, name) * 1000)


# What the vendors publish; where one publishes no figure of its own, ours stands.
PRESETS: dict[str, dict[str, float]] = {
    # Amazon Connect: non-talk time is hold time plus any silence longer than 3 seconds. How long both must speak for an
    # interruption is the user's own choice (InterruptionFilter.Threshold).
    "amazon": {"silence_seconds": 3.0},
    # Google CX Insights: "silence analysis detects and measures periods of silence longer than five seconds".
    "google": {"silence_seconds": 5.0},
    # Verint Real-Time Acoustics: an interruption is talk-over for longer than the rule's threshold, 3 seconds in its
    # documentation; long silence is the user's own choice.
    "verint": {"interruption_seconds": 3.0},
}

DEFAULT = Thresholds()


def from_settings(section: Mapping[str, Any]) -> Thresholds:
    """The thresholds that [thresholds] of heard.toml asks for: `preset`, then any of them by name."""
    given = dict(section)
    preset = given.pop("preset", None)
    if preset is not None and preset not in PRESETS:
        raise ThresholdsError(
            f"heard.toml: [thresholds] preset is '{preset}'; expected one of {', '.join(PRESETS)}. Mend or remove it."
        )
    for name, value in given.items():
        _check(name, value)
    return replace(DEFAULT, **(PRESETS[preset] if preset else {}) | given)


def _check(name: str, value: object) -> None:
    known = [field.name for field in fields(Thresholds)]
    if name not in known:
        raise ThresholdsError(
            f"heard.toml: [thresholds] has '{name}'; expected preset, {', '.join(known)}. Rename or remove it."
        )
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise ThresholdsError(
            f"heard.toml: [thresholds] {name} is {value!r}; expected a number, 0 or more. Give seconds, such as 0.5."
        )

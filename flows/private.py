"""Before anything is stored: what was said is redacted, the names of those who take part too, customers' ids hashed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from flows.settings import SettingsError
from transforms.redact import KINDS, REDACTOR_VERSION, hash_id, redact
from transforms.redaction.known import known_names, mark_known
from transforms.redaction.told import told_names

PUBLIC_ROLES = ("agent", "supervisor", "bot", "system")  # whose ids stand unchanged
PEOPLE = ("agent", "customer", "supervisor", "unknown")
ADDRESSES = ("secret", "email")  # which hold names, and are marked whole
Frames = dict[str, pl.DataFrame]


@dataclass(frozen=True)
class Privacy:
    """What is redacted."""

    kinds: tuple[str, ...] = KINDS

    @classmethod
    def from_settings(cls, section: Mapping[str, Any]) -> "Privacy":
        """What [privacy] asks for: every kind where it says nothing. Raises SettingsError for one that nobody knows."""
        if section.get("redact", True) is False:
            return cls(())
        wanted = section.get("kinds", list(KINDS))
        unknown = [kind for kind in wanted if kind not in KINDS] if isinstance(wanted, list) else [wanted]
        if unknown or section.get("redact", True) is not True:
            found = f"kinds has {unknown[0]!r}" if unknown else f"redact is {section['redact']!r}"
            expected = f"any of {', '.join(KINDS)}" if unknown else "true or false"
            raise SettingsError(f"heard.toml: [privacy] {found}; expected {expected}. Correct or remove it.")
        return cls(tuple(kind for kind in KINDS if kind in wanted))

    @property
    def redactor(self) -> str:
        """The redactor's version with what it leaves, kept with each batch: 2, 2 without name, or none."""
        left = [kind for kind in KINDS if kind not in self.kinds]
        if not self.kinds:
            return "none"
        return REDACTOR_VERSION + (f" without {' '.join(left)}" if left else "")

    def texts(self, texts: pl.Series, conversations: pl.Series, names: pl.DataFrame, said: bool = False) -> pl.Series:
        """The texts redacted; where they were `said` one after the other, what answers a question too."""
        whole = redact(texts, [kind for kind in ADDRESSES if kind in self.kinds])
        texts = self.known(whole, conversations, names)
        frame = pl.DataFrame({"text": texts, "conversation_id": conversations})
        before = frame.select(pl.col("text").shift(1).over("conversation_id")).to_series() if said else None
        return redact(texts, self.kinds, before)

    def known(self, texts: pl.Series, conversations: pl.Series, names: pl.DataFrame) -> pl.Series:
        """The texts with the names that are known of their conversations marked."""
        return mark_known(texts, conversations, names) if "name" in self.kinds else texts


def made_safe(frames: Frames, people: pl.DataFrame, key: bytes, privacy: Privacy) -> Frames:
    """The tables that readers give (rows with batch_id), as they may be stored; `people` are known by name besides."""
    safe = redacted(frames, people, privacy)
    is_public = pl.col("speaker").is_in(PUBLIC_ROLES)
    speaker = pl.when(is_public).then("speaker_id").otherwise(hash_id(key, safe["segment"]["speaker_id"]))
    customer = hash_id(key, safe["transcript"]["customer_id"])
    return safe | {
        "transcript": safe["transcript"].with_columns(customer.alias("customer_id")),
        "segment": safe["segment"].with_columns(speaker.alias("speaker_id")),
    }


def redacted(frames: Frames, people: pl.DataFrame, privacy: Privacy) -> Frames:
    """The same tables with their texts redacted, ids as they are."""
    transcript, segment = frames["transcript"], frames["segment"]
    names = known_names(_people(transcript, segment, people))
    said = privacy.texts(segment["text"], _of(segment), names, said=True)
    told = told_names(segment["text"].str.normalize("NFC"), said, _of(segment))
    names = pl.concat([names, told]).unique()
    return frames | {
        "transcript": transcript.with_columns(
            privacy.texts(transcript["topic"], _of(transcript), names).alias("topic"),
        ),
        "segment": segment.with_columns(
            privacy.known(said, _of(segment), told).alias("text"),
        ),
        "evaluation": _evaluated(frames["evaluation"], privacy, names),
    }


NOBODY = pl.DataFrame(schema={"batch_id": pl.String, "conversation_id": pl.String, "person": pl.String})


def _evaluated(evaluation: pl.DataFrame, privacy: Privacy, names: pl.DataFrame) -> pl.DataFrame:
    return evaluation.with_columns(
        privacy.texts(evaluation[column], _of(evaluation), names).alias(column) for column in ("answer", "notes")
    )


def _of(frame: pl.DataFrame) -> pl.Series:
    """The conversation of each row, by batch."""
    return frame.select(pl.concat_str("batch_id", "conversation_id", separator="/")).to_series()


def _people(transcript: pl.DataFrame, segment: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """Who takes part in each conversation, as far as the metadata tell: conversation_id (by batch) and person."""
    spoke = segment.filter(pl.col("speaker").is_in(PEOPLE))
    told = [(transcript, "agent_id"), (transcript, "customer_id"), (spoke, "speaker_id"), (people, "person")]
    return pl.concat(pl.DataFrame({"conversation_id": _of(frame), "person": frame[name]}) for frame, name in told)

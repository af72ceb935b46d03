"""Whether the agent's style follows the customer's: coordination of function words.

Danescu-Niculescu-Mizil, Lee, Pang and Kleinberg (2012), Echoes of Power: for each kind of function word, how much
likelier an answer has one after a turn that had one than an answer has one at all; the mean over the kinds.
"""

import re
import tomllib
from pathlib import Path

import polars as pl

from transforms.floor import IS_PARTY
from transforms.fold import fold

KINDS: dict[str, dict[str, str]] = tomllib.loads(
    (Path(__file__).parent / "function_words.toml").read_text(encoding="utf-8")
)
LEAST_EXCHANGES = 10


def coordination(turns: pl.DataFrame) -> pl.DataFrame:
    """Of each conversation with an exchange: conversation_id, exchange_count and coordination, -1..1.

    An exchange is a customer's turn and the agent's turn that follows it, backchannels left out. Null under 10
    exchanges, or where the language's words are not known.
    """
    exchanges = _exchanges(turns)
    counts = exchanges.group_by("conversation_id").agg(exchange_count=pl.len().cast(pl.Int64))
    many = exchanges.join(
        counts.filter(pl.col("exchange_count") >= LEAST_EXCHANGES), on="conversation_id", maintain_order="left"
    )
    by_language = [_of_language(many.filter(pl.col("code") == code), code) for code in KINDS]
    return counts.join(pl.concat(by_language), on="conversation_id", how="left")


def _exchanges(turns: pl.DataFrame) -> pl.DataFrame:
    spoken = turns.filter(IS_PARTY & ~pl.col("is_backchannel"))
    before = {name: pl.col(name).shift().over("conversation_id") for name in ("speaker", "text")}
    code = pl.col("language").str.to_lowercase().str.extract(r"^([a-z]+)")
    return spoken.select(
        "conversation_id", "speaker", code=code, asked_by=before["speaker"], asked=before["text"], answer="text"
    ).filter(pl.col("speaker") == "agent", pl.col("asked_by") == "customer")


def _of_language(exchanges: pl.DataFrame, code: str) -> pl.DataFrame:
    folded = exchanges.with_columns(
        pl.Series(side, fold(exchanges[side].to_list()), dtype=pl.String) for side in ("asked", "answer")
    )
    gains = []
    for words in KINDS[code].values():
        pattern = _pattern(words)
        asked, answer = (pl.col(side).str.contains(pattern) for side in ("asked", "answer"))
        gain = (asked & answer).sum() / asked.sum() - answer.mean()
        gains.append(pl.when(asked.sum() > 0).then(gain))
    return folded.group_by("conversation_id").agg(coordination=pl.mean_horizontal(gains))


def _pattern(words: str) -> str:
    """Any of the words, whole; one that ends in an apostrophe (l') leans on the next."""
    whole = [re.escape(word) for word in words.split() if not word.endswith("'")]
    leaning = [re.escape(word) for word in words.split() if word.endswith("'")]
    either = "|".join([rf"(?:{'|'.join(whole)})(?:$|[^a-z0-9'])", *leaning])
    return rf"(?:^|[^a-z0-9])(?:{either})"

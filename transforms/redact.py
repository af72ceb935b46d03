"""What must not be stored is marked first; ids are hashed.

Each kind stands in its own module of transforms/redaction. A text is gone over until nothing more is found in it.
"""

import hashlib
from collections.abc import Collection, Sequence

import polars as pl

from transforms.redaction.births import BIRTH
from transforms.redaction.emails import EMAIL
from transforms.redaction.kind import Kind
from transforms.redaction.machines import IP
from transforms.redaction.names import NAMED
from transforms.redaction.names_low import LOW_NAMES
from transforms.redaction.national import NATIONAL
from transforms.redaction.numbers import CARD, IBAN
from transforms.redaction.phones import PHONE
from transforms.redaction.secrets import SECRET
from transforms.redaction.spoken import SPOKEN
from transforms.redaction.streets import ADDRESS

REDACTOR_VERSION = "3"
ID_BYTES = 12

_IN_ORDER = (SECRET, EMAIL, IP, IBAN, CARD, NATIONAL, BIRTH, PHONE, SPOKEN, ADDRESS, *NAMED, LOW_NAMES)
KINDS = tuple(dict.fromkeys(kind.name for kind in _IN_ORDER))


def redact(texts: pl.Series, kinds: Collection[str] = KINDS, before: pl.Series | None = None) -> pl.Series:
    """The texts in Unicode NFC, with marks in place of what must not be stored.

    `before` is what was said just before each: what answers "your date of birth?" is then marked too.
    """
    texts = texts.str.normalize("NFC")
    chosen = [kind for kind in _IN_ORDER if kind.name in kinds]
    changed = _pass(texts, chosen, before)
    while changed:
        rows = sorted(changed)
        texts = texts.scatter(rows, [changed[row] for row in rows])
        again = _pass(texts.gather(rows), chosen, None)
        changed = {rows[row]: text for row, text in again.items()}
    return texts


def _pass(texts: pl.Series, kinds: Sequence[Kind], before: pl.Series | None) -> dict[int, str]:
    """The texts that change when each kind is marked once, by their places."""
    changed: dict[int, str] = {}
    for kind in kinds:
        marks = [(kind.mark, texts.str.contains(kind.hint))]
        if before is not None and kind.asks is not None and kind.answer is not None:
            marks.append((kind.answer, before.str.contains(kind.asks) & texts.is_not_null()))
        for mark, worth in marks:
            for row in worth.fill_null(False).arg_true():
                text = changed.get(row, texts[row])
                if (marked := mark(text)) != text:
                    changed[row] = marked
    return changed


def redact_text(text: str, kinds: Collection[str] = KINDS, before: str | None = None) -> str:
    """One text with marks in place of what must not be stored."""
    return str(redact(pl.Series([text]), kinds, pl.Series([before], dtype=pl.String))[0])


def hash_id(key: bytes, value: pl.Series) -> pl.Series:
    """The ids as keyed hashes of 24 hexadecimal digits; null stays null."""
    secret = key if len(key) <= 64 else hashlib.blake2b(key).digest()
    distinct = value.unique().drop_nulls()
    hashed = [hashlib.blake2b(one.encode(), key=secret, digest_size=ID_BYTES).hexdigest() for one in distinct]
    return value.replace_strict(distinct, pl.Series(hashed, dtype=pl.String), default=None, return_dtype=pl.String)

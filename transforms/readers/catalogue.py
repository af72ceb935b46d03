"""Every format that can be read: one line each."""

from dataclasses import asdict

import polars as pl

from transforms.readers import amazon_transcribe, common, outcomes, webvtt, zendesk
from transforms.readers.format import Reader

READERS: dict[str, Reader] = {
    reader.name: reader
    for reader in (
        common.READER,
        outcomes.READER,
        amazon_transcribe.READER,
        webvtt.READER,
        zendesk.READER,
    )
}


def formats() -> pl.DataFrame:
    """A row for each format: what it can support, and where that comes from."""
    return pl.DataFrame([{"format": one.name, **asdict(one.supports)} for one in READERS.values()])

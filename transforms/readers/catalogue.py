"""Every format that can be read: one line each."""

from dataclasses import asdict

import polars as pl

from transforms.readers import (
    amazon_transcribe,
    amazon_transcribe_words,
    assemblyai,
    chatwoot,
    common,
    contact_lens,
    contact_lens_evaluation,
    convokit,
    deepgram,
    flex_insights,
    freshdesk,
    front,
    genesys,
    google_insights,
    intercom,
    json_turns,
    livechat,
    outcomes,
    plain_text,
    salesforce_chat,
    srt,
    twilio,
    vcon,
    webvtt,
    whisper,
    zendesk,
    zendesk_chat,
)
from transforms.readers.format import Reader

READERS: dict[str, Reader] = {
    reader.name: reader
    for reader in (
        convokit.READER,
        common.READER,
        outcomes.READER,
        amazon_transcribe.READER,
        amazon_transcribe_words.READER,
        contact_lens.READER,
        contact_lens_evaluation.READER,
        google_insights.READER,
        genesys.READER,
        twilio.READER,
        flex_insights.READER,
        deepgram.READER,
        assemblyai.READER,
        whisper.READER,
        webvtt.READER,
        srt.READER,
        vcon.READER,
        zendesk.READER,
        zendesk_chat.READER,
        intercom.READER,
        freshdesk.READER,
        front.READER,
        chatwoot.READER,
        livechat.READER,
        salesforce_chat.READER,
        json_turns.READER,
        plain_text.READER,
    )
}


def formats() -> pl.DataFrame:
    """A row for each format: what it can support, and where that comes from."""
    return pl.DataFrame([{"format": one.name, **asdict(one.supports)} for one in READERS.values()])

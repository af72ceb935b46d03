"""Amazon Transcribe Call Analytics: a call with the times of its words.

https://docs.aws.amazon.com/transcribe/latest/dg/tca-post-call.html
"""

from typing import Any

from transforms.readers.content import Head
from transforms.readers.each import read_each
from transforms.readers.format import Reader, Supports
from transforms.readers.record import Record
from transforms.readers.roles import role_of
from transforms.readers.transcript import Conversation, Draft, File, ReadError, Roles

NAME = "amazon_transcribe"
WAIT = "Export it once the job is done."


def recognise(head: Head) -> bool:
    """Whether its segments name a role and it has the marks of Call Analytics."""
    return "Transcript[].ParticipantRole" in head.keys and "Transcript[].BeginOffsetMillis" in head.keys


def read(files: list[File], roles: Roles) -> Draft:
    """The calls, each a job's result."""
    return read_each(NAME, files, "Transcript", lambda job, file: _call(job, file, roles))


def _call(job: Record, file: File, roles: Roles) -> Conversation:
    check_done(job)
    transcript = {
        "conversation_id": job.id("JobName") or file.id,
        "channel": "voice",
        "language": job.id("LanguageCode"),
        **characteristics(job.child("ConversationCharacteristics"), "AGENT"),
    }
    return Conversation(transcript, [_segment(one, roles) for one in job.children("Transcript", "segment")])


def check_done(job: Record) -> None:
    """Refuses a job that is not completed."""
    status = job.text("JobStatus")
    if status not in (None, "COMPLETED"):
        raise ReadError("JobStatus", f"JobStatus is {status!r}; expected COMPLETED", WAIT)


def _segment(segment: Record, roles: Roles) -> dict[str, Any]:
    name = segment.text("ParticipantRole")
    role = role_of(name, roles)
    return {
        "speaker": role or "unknown",
        "speaker_id": None if role else name,
        "text": segment.text("Content"),
        "start_ms": segment.milliseconds("BeginOffsetMillis"),
        "end_ms": segment.milliseconds("EndOffsetMillis"),
        "words": _words(segment),
        "place": segment.place,
    }


def _words(segment: Record) -> list[dict[str, int]] | None:
    """The times of the spoken words; punctuation has none."""
    spoken = [one for one in segment.children("Items", "word") if one.has("BeginOffsetMillis")]
    words = [(one.milliseconds("BeginOffsetMillis"), one.milliseconds("EndOffsetMillis")) for one in spoken]
    return [{"start_ms": start, "end_ms": end} for start, end in words if start is not None and end is not None] or None


def characteristics(said: Record, agent: str) -> dict[str, Any]:
    """The duration and the vendor's own figures, for the agent by that name."""
    total = said.milliseconds("TotalConversationDurationMillis")
    talk = said.child("TalkTime")
    by_agent = talk.child("DetailsByParticipant").child(agent).number("TotalTimeMillis")
    speed = said.child("TalkSpeed").child("DetailsByParticipant").child(agent)
    interruptions = said.child("Interruptions")
    count = len(interruptions.child("InterruptionsByInterrupter").children(agent))
    return {
        "duration_ms": total,
        "vendor_interruption_count": float(count) if interruptions.value else None,
        "vendor_non_talk_share": _share(said.child("NonTalkTime").number("TotalTimeMillis"), total),
        "vendor_agent_talk_share": _share(by_agent, talk.number("TotalTimeMillis")),
        "vendor_agent_words_per_minute": speed.number("AverageWordsPerMinute"),
    }


def _share(part: float | None, whole: float | None) -> float | None:
    return part / whole if part is not None and whole else None


READER = Reader(
    NAME,
    Supports("Amazon Transcribe Call Analytics", roles="yes", ends="yes", words="yes", overlap="yes"),
    recognise,
    read,
)

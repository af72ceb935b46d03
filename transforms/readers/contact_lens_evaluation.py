"""Amazon Connect evaluation forms: what people (or rules) answered about a contact.

https://docs.aws.amazon.com/connect/latest/adminguide/evaluationforms-example-output-file.html
"""

from typing import Any

from transforms.readers.content import Head
from transforms.readers.each import read_evaluations
from transforms.readers.format import Reader, Supports
from transforms.readers.record import Record
from transforms.readers.transcript import Draft, File, Roles

NAME = "contact_lens_evaluation"


def recognise(head: Head) -> bool:
    """Whether it holds a form's answers about a contact."""
    keys = {key.removeprefix("[].") for key in head.keys}
    return {"evaluationId", "metadata.contactId"} <= keys and bool({"questions", "sections"} & keys)


def read(files: list[File], roles: Roles) -> Draft:
    """The evaluations of the files."""
    return read_evaluations(NAME, files, "questions", _answers)


def _answers(one: Record) -> list[dict[str, Any]]:
    """A row for each question and each section, whose score and notes are its own."""
    metadata = one.child("metadata")
    source = metadata.text("evaluationSource")
    known = {
        "conversation_id": metadata.needed_id("contactId"),
        "evaluation_id": one.needed_id("evaluationId"),
        "form": metadata.text("evaluationDefinitionTitle"),
        "form_score_share": _share(metadata),
        "evaluator_id": metadata.id("evaluator"),
        "is_automatic": source == "AUTOMATED" if source else metadata.flag("autoEvaluated"),
        "agent_id": metadata.id("agentId"),
        "evaluated_at": metadata.time("evaluationSubmitTimestamp"),
    }
    sections = {section.id("sectionRefId"): section for section in one.children("sections", "section")}
    questions = [_question(asked, sections) for asked in one.children("questions", "question")]
    return [{**known, **row} for row in [*questions, *(_section(id_, sections) for id_ in sections)]]


def _question(asked: Record, sections: dict[str | None, Record]) -> dict[str, Any]:
    answer = asked.child("answer")
    return {
        "question_id": asked.needed_id("questionRefId"),
        "section": _path(asked.id("sectionRefId"), sections),
        "question": asked.text("questionText"),
        "answer": _said(answer),
        "notes": answer.text("notes"),
        "score_share": _share(asked),
        "is_not_applicable": answer.child("metadata").flag("notApplicable"),
    }


def _section(id_: str | None, sections: dict[str | None, Record]) -> dict[str, Any]:
    section = sections[id_]
    return {
        "question_id": section.needed_id("sectionRefId"),
        "section": _path(id_, sections),
        "notes": section.text("notes"),
        "score_share": _share(section),
    }


def _path(id_: str | None, sections: dict[str | None, Record]) -> str | None:
    """The section's title below those of the sections that it is in."""
    titles: list[str] = []
    while id_ in sections and len(titles) < len(sections):
        titles.insert(0, sections[id_].text("sectionTitle") or id_ or "")
        id_ = sections[id_].id("parentSectionRefId")
    return " / ".join(titles) or None


def _said(answer: Record) -> str | None:
    """The text or number given, or the options chosen."""
    chosen = [one for one in answer.children("values", "value") if one.flag("selected")]
    texts = [one.text("valueText") or one.text("valueRefId") or "" for one in chosen]
    return "; ".join(texts) or answer.text("value") or None


def _share(scored: Record) -> float | None:
    percentage = scored.child("score").number("percentage")
    return None if percentage is None else percentage / 100


READER = Reader(
    NAME,
    Supports("Amazon Connect evaluation forms", roles="not needed", labels="yes"),
    recognise,
    read,
)

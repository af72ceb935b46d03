"""What was found out about a file, how sure that is and what shows it; and what only its owner can tell."""

from dataclasses import dataclass, field

HIGH, MEDIUM, LOW, SAID = "high", "medium", "low", "as you say"


@dataclass(frozen=True)
class Finding:
    """That one of our columns, or what a value means, is this."""

    what: str
    found: str
    sure: str
    because: str


@dataclass(frozen=True)
class Question:
    """What the file does not tell, and the option that tells it."""

    what: str
    how: str
    field: str = ""  # of Said, where one answer is enough
    words: tuple[str, ...] = ()  # of which each needs an answer


@dataclass(frozen=True)
class Said:
    """What the person who runs it has said already."""

    columns: dict[str, str] = field(default_factory=dict)
    roles: dict[str, str] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    time_unit: str | None = None
    date_order: str | None = None
    time_zone: str | None = None
    csat_scale: str | None = None
    channel: str | None = None
    encoding: str | None = None
    turns: str | None = None


class Notes:
    """Findings and questions, as they come up."""

    def __init__(self) -> None:
        self.columns: list[Finding] = []
        self.values: list[Finding] = []
        self.questions: list[Question] = []

    def ask(self, what: str, how: str, field: str = "", words: tuple[str, ...] = ()) -> None:
        """Notes a question."""
        self.questions.append(Question(what, how, field, words))

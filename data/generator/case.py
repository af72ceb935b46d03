"""A case: one conversation, from what is planned of it to what is said in it."""

from dataclasses import dataclass, field
from datetime import datetime

LIVE = ("voice", "chat")


@dataclass(frozen=True)
class Agent:
    id: str
    name: str
    team: str
    french: float
    style: dict[str, float]  # how much more or less than others they do of each behaviour
    leniency: float  # of their customers: no merit of theirs

    @property
    def first(self) -> str:
        return self.name.split()[0]


@dataclass(frozen=True)
class Customer:
    id: str
    first: str
    last: str
    email: str
    phone: str
    facts: dict[str, str]


@dataclass
class Promise:
    kind: str  # call, write, either, other
    words: str
    due: datetime
    status: str  # kept, kept_late, broken, pending
    kept_at: datetime | None = None


@dataclass
class Turn:
    speaker: str
    text: str
    intents: list[str] = field(default_factory=list)
    speaker_id: str | None = None
    kind: str = "message"
    interrupts: bool = False  # begins while the other still speaks
    cuts_off: bool = False  # ... who then stops in the middle of the sentence
    is_inside: bool = False  # a backchannel, said while the other speaks on
    wait: float = 0.0  # seconds of silence or of hold before it
    start: float | None = None  # seconds from the start of a call
    end: float | None = None
    words: list[tuple[float, float]] = field(default_factory=list)
    sent_at: datetime | None = None


@dataclass
class Case:
    number: int
    id: str
    source: str  # which writer writes it
    channel: str
    language: str
    topic: str
    difficulty: float
    agent: Agent
    kind: str = "new"  # new, return or follow_up
    started_at: datetime = datetime(2026, 8, 18)
    customer: Customer | None = None
    severity: int = 0
    exchanges: int = 6
    said: list[list[str]] = field(default_factory=list)  # the agent's intents, by exchange
    heard: list[list[str]] = field(default_factory=list)  # the customer's
    interrupted: set[int] = field(default_factory=set)  # exchanges in which the agent interrupts
    barged: set[int] = field(default_factory=set)  # ... and in which the customer does
    body: range = range(0)  # the exchanges in which behaviour is planted
    times: list[tuple[datetime, datetime]] = field(default_factory=list)  # of the customer and the agent, in text
    is_asr: bool = False  # written down by a machine without punctuation
    escalation: str = "none"  # timely, late, missed, untriggered, none
    escalated_in: int | None = None
    promise: Promise | None = None
    followed_up: bool | None = None
    follow_up_at: datetime | None = None
    resolved: bool = False
    latent: float = 0.0
    satisfaction: int = 3
    turns: list[Turn] = field(default_factory=list)

    @property
    def distress(self) -> list[int]:
        """The exchanges in which the customer is distressed."""
        return [j for j, intents in enumerate(self.heard) if any(i in DISTRESS for i in intents)]

    def count(self, *intents: str) -> int:
        """In how many turns the agent does one of these, up to where the outcome could drive it."""
        return sum(not set(intents).isdisjoint(self.said[j]) for j in self.body)

    @property
    def validated_share(self) -> float | None:
        """Turns of distress that the agent's next two turns validate, of all; None without distress."""
        counted = [j for j in self.distress if j in self.body]
        if not counted:
            return None
        answered = sum(any("validation" in intents for intents in self.said[j : j + 2]) for j in counted)
        return answered / len(counted)


DISTRESS = ("frustration", "outburst", "unheard", "undervalued", "again")  # to have to say it again is one of them

"""What is said in a case, turn by turn."""

from collections.abc import Iterator
from datetime import timedelta
from random import Random

from data.generator.behaviour import ORDER
from data.generator.case import LIVE, Case, Turn
from data.generator.echo import echo
from data.generator.grammar import Phrases
from data.generator.slots import slots

COMMON = ("parquet", "calls_csv", "chats_jsonl", "chats_csv", "social", "email")
REPLIES = {
    "identity": "reply_identity", "open_question": "reply_open", "closed_question": "reply_closed",
    "question": "reply_closed", "clarifying": "reply_closed", "understanding_check": "reply_closed",
    "options": "reply_choice", "collaboration": "reply_choice", "humour": "humour_reply", "sympathy": "reply_sympathy",
    "solution": "accept",
}  # fmt: skip
KEEP = ("I", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
TWICE = {
    "validation": 0.45,
    "frustration": 0.35,
    "unheard": 0.3,
    "undervalued": 0.3,
    "ownership": 0.25,
}  # in other words
UNTAKEN = {"humour": 0.3, "sympathy": 0.6, "solution": 0.5}  # how often a reply takes no notice


class Script:
    """Writes a case's turns."""

    def __init__(self, case: Case, phrases: Phrases, rng: Random) -> None:
        self.case, self.phrases, self.rng = case, phrases, rng
        self.slots = slots(case, phrases, rng)
        self.last_customer_words = ""
        self.said: set[str] = set()
        self.speaker = "agent"

    def write(self) -> list[Turn]:
        """The turns in order, text ones with their times."""
        turns = list(self._follow_up() if self.case.kind == "follow_up" else self._contact())
        if self.case.follow_up_at and self.case.channel != "voice":
            turns += self._comeback(self.case)
        for turn in turns:
            if turn.speaker in ("agent", "supervisor"):
                turn.speaker_id = self.case.agent.id if turn.speaker == "agent" else f"S{self.slots['supervisor'][0]}"
        return turns

    def _say(self, speaker: str, intents: list[str]) -> str:
        text = ""
        for intent in intents:
            for _ in range(1 + (intent in TWICE and self.rng.random() < TWICE[intent])):
                text += (" " if text else "") + _joined(text, self._one(speaker, intent))
        return text

    def _one(self, speaker: str, intent: str) -> str:
        if intent == "commit":
            promise = self.case.promise
            intent = f"commit_{promise.kind}" if promise else "expectation"
        elif intent == "greeting":
            intent = "greeting_chat" if self.case.channel in ("chat", "social") else "greeting_email"
        elif intent == "hours_reminder" and self.case.channel != "voice":
            intent = "hours_reminder_text"
        elif intent == "clarifying":
            self.slots["echo"] = echo(self.last_customer_words, self.case.language) or self.phrases.word("echo")
        elif intent == "closing" and self.case.satisfaction > 2 and self.rng.random() < 0.5:
            intent = "welcome"
        return self.phrases.say(speaker, intent, self.slots, self.case.topic, self.said)

    def _contact(self) -> Iterator[Turn]:
        case = self.case
        if case.channel == "voice":
            yield Turn("agent", self._say("agent", ["greeting_voice"]), ["greeting"])
        for j in range(case.exchanges):
            yield from self._customer(j)
            if j == 0 and case.channel == "chat" and self.rng.random() < 0.6:
                hello = self._one("bot", "hello")
                yield Turn("bot", hello, ["bot"], sent_at=case.times[0][0] + timedelta(seconds=2))
            yield from self._agent(j)

    def _customer(self, j: int) -> Iterator[Turn]:
        intents = self._customer_intents(j)
        text = self._say("customer", intents)
        self.last_customer_words = text
        turn = Turn("customer", text, intents, interrupts=j in self.case.barged)
        if self.case.channel == "chat" and len(intents) > 1 and self.rng.random() < 0.4:
            yield from self._in_two(j, intents)
            return
        turn.sent_at = self.case.times[j][0] if self.case.times else None
        yield turn
        if self.case.channel == "voice" and len(text.split()) > 9 and self.rng.random() < 0.45:
            yield Turn("agent", self._say("agent", ["backchannel"]), ["backchannel"], is_inside=True)

    def _in_two(self, j: int, intents: list[str]) -> Iterator[Turn]:
        """Two messages in a row; now and then the agent writes between them."""
        at = self.case.times[j][0]
        yield Turn("customer", self._say("customer", intents[:1]).rstrip(","), intents[:1], sent_at=at)
        if j and self.rng.random() < 0.18:
            between = Turn("agent", self._say("agent", ["acknowledge"]), ["acknowledge"])
            between.sent_at = at + timedelta(seconds=self.rng.randrange(3, 7))
            yield between
        second = Turn("customer", self._say("customer", intents[1:]), intents[1:])
        second.sent_at = at + timedelta(seconds=self.rng.randrange(8, 17))
        yield second

    def _customer_intents(self, j: int) -> list[str]:
        case, n = self.case, self.case.exchanges
        feelings = list(case.heard[j])
        if j == 0:
            back = ["return_opening"] if case.kind == "return" else []
            detail = ["detail"] if self.rng.random() < 0.5 else []
            return ["hello", *back, "problem", *detail, *feelings]
        if j == n - 1:
            return [("thanks_bad", "thanks_bad", "thanks_mid", "thanks_good", "thanks_good")[case.satisfaction - 1]]
        if j == n - 2:
            if case.resolved:
                return ["accept" if case.satisfaction > 1 else "reply_statement", *feelings]
            return ["reject" if case.satisfaction < 3 else "reply_statement", *feelings]
        chance = 1.0 if j in case.interrupted else 0.5
        more = ["detail"] if self.rng.random() < chance else []
        more += ["detail"] if case.channel == "voice" and self.rng.random() < max(0.3, chance - 0.2) else []
        return [self._reply(j), *more, *feelings]

    def _reply(self, j: int) -> str:
        asked = [i for i in self.case.said[j - 1] if i in REPLIES]
        if not asked or self.rng.random() < UNTAKEN.get(asked[-1], 0.05):
            return "reply_statement"
        return REPLIES[asked[-1]]

    def _agent(self, j: int) -> Iterator[Turn]:
        case = self.case
        intents = sorted(case.said[j], key=ORDER.index)
        if case.channel not in (*LIVE, "social"):
            intents = [*("closing_email" if i == "closing" else i for i in intents), "sign_off"]
            if "greeting" not in intents:
                intents.insert(0, "greeting_again")
        if self._is_taken_over(j):
            intents = ["supervisor_hello", *intents]
        is_late = case.escalation == "late" and case.escalated_in == j
        may_hold = 0 < j < case.exchanges - 2 and j not in case.interrupted
        if case.channel == "voice" and (is_late or (may_hold and self.rng.random() < 0.07)):
            yield from self._hold(is_late)
        joiner = "\n\n" if case.channel in ("ticket", "email") else " "
        paragraphs = [self._say("agent", [intent]) for intent in intents]
        if joiner != " " and len(paragraphs) > 2:
            paragraphs = [paragraphs[0], " ".join(paragraphs[1:-1]), paragraphs[-1]]
        turn = Turn(self.speaker, joiner.join(paragraphs), intents, interrupts=j in case.interrupted)
        turn.cuts_off = turn.interrupts and self.rng.random() < 0.5
        turn.wait = self.rng.uniform(3.5, 11) if "lookup" in intents and self.rng.random() < 0.35 else 0
        turn.sent_at = case.times[j][1] if case.times else None
        yield turn

    def _is_taken_over(self, j: int) -> bool:
        """From here on the supervisor speaks."""
        case = self.case
        if case.escalated_in is None or j != case.escalated_in + 1 or case.source not in COMMON:
            return False
        if self.rng.random() < 0.5:
            self.speaker = "supervisor"
        return self.speaker == "supervisor"

    def _hold(self, is_long: bool) -> Iterator[Turn]:
        seconds = self.rng.uniform(130, 240) if is_long else self.rng.uniform(15, 90)
        yield Turn(self.speaker, self._say("agent", ["hold_ask"]), ["hold_ask"])
        yield Turn("customer", self._say("customer", ["reply_statement"]), ["reply_statement"])
        if self.case.source in COMMON:
            yield Turn("system", "hold", kind="event")
            yield Turn("system", "unhold", kind="event", wait=seconds)
        yield Turn(
            self.speaker,
            self._say("agent", ["hold_back"]),
            ["hold_back"],
            wait=1 if self.case.source in COMMON else seconds,
        )

    def _follow_up(self) -> Iterator[Turn]:
        case = self.case
        if case.channel == "voice":
            yield Turn("agent", self._say("agent", ["callback_hello"]), ["callback_hello"])
            yield Turn("customer", self._say("customer", ["follow_up_reply"]), ["follow_up_reply"])
            news = ["done", "solution", self.rng.choice(("expectation", "closed_question", "collaboration"))]
            yield Turn("agent", self._say("agent", news), news)
            end = ["accept", "thanks_good"] if case.resolved else ["reject"]
            yield Turn("customer", self._say("customer", end), end)
            yield Turn("agent", self._say("agent", ["closing"]), ["closing"])
        else:
            yield from self._comeback(case)

    def _comeback(self, case: Case) -> list[Turn]:
        """A message that the agent sends of their own accord, and perhaps an answer to it."""
        at = case.times[0][0] if case.kind == "follow_up" else case.follow_up_at
        assert at is not None
        at = at.replace(microsecond=0)
        intents = ["callback_write", "done", self.rng.choice(("solution", "expectation", "understanding_check"))]
        signed = [*intents, "sign_off"] if case.channel != "chat" else intents
        turns = [Turn("agent", self._say("agent", signed), intents, sent_at=at)]
        if self.rng.random() < 0.6:
            reply = ["thanks_good" if case.resolved or case.satisfaction > 3 else "thanks_mid"]
            later = at + timedelta(minutes=self.rng.randrange(4, 400))
            turns.append(Turn("customer", self._say("customer", reply), reply, sent_at=later))
        return turns


def _joined(before: str, phrase: str) -> str:
    """The phrase as it goes on after what was said: without its capital after a comma."""
    first = phrase.split(" ", maxsplit=1)[0]
    if before.endswith(",") and first not in KEEP and not first.startswith(("I'", "J'EN")) and not first.isupper():
        return phrase[0].lower() + phrase[1:]
    return phrase

"""How well names fit: those of columns ours, those before colons people who speak."""

from transforms.mapping.look import Column
from transforms.mapping.words import WORDS, meant
from transforms.readers.blob import by_line, inline_names

UNITS = ("ms", "millis", "milliseconds", "s", "sec", "secs", "seconds", "us", "utc", "gmt", "local")
GENERIC = ("message", "conversation", "created", "content", "customer", "comment", "position", "incoming", "inbound")
NO_SPEECH = {"note", "notes", "summary", "resume", "subject", "name", "nom", "feedback", "email"}


def name_score(ours: str, one: Column) -> float:
    """How well a column's name fits one of ours: 1 as the most usual name, 0 not at all."""
    words = [word for word in one.bare.split() if word not in UNITS]
    names = [*WORDS["columns"].get(ours, []), ours.replace("_", " ")]
    for name in (one.bare, " ".join(words)):
        if name in names:
            return 1 - 0.6 * names.index(name) / len(names) if name != ours.replace("_", " ") else 1
    if "".join(words) in {name.replace(" ", "") for name in names if " " in name}:
        return 0.6
    inside = [name for name in names if name not in GENERIC and len(name) > 6 and set(name.split()) <= set(words)]
    return 0.35 if inside else 0


def role_in(name: str) -> str | None:
    """The one role that a column's name names, as `agent_reply` or `customer_2`; None for notes and summaries."""
    words = name.split()
    roles = {role for word in words if (role := meant("roles", word))}
    return roles.pop() if len(roles) == 1 and not NO_SPEECH & set(words) else None


def labels_in(text: str) -> list[str]:
    """What seem to be speakers' names in a text: before a colon, at the beginning of lines or often enough."""
    lines = [name for name, _ in by_line(text) if name]
    inline = inline_names(text)
    inline = [name for name in inline if meant("roles", name) or inline.count(name) > 1]
    names = lines if len(lines) > 1 else inline
    return names if len(set(names)) > 1 or len(names) > 2 else []

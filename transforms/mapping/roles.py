"""Who a speaker's word is: by what the word means, or by what its column says; never by what people seem to say."""

from collections import Counter

from transforms.mapping.columns import Finder
from transforms.mapping.finding import HIGH, MEDIUM, SAID, Finding, Notes, Said
from transforms.mapping.look import Column
from transforms.mapping.names import labels_in, role_in
from transforms.mapping.words import bare, last, meant
from transforms.readers.record import label
from transforms.readers.roles import ELSE, mapped
from transforms.readers.transcript import Roles

SHOWN = 12
NAMELESS = "COLUMN"


def say_roles(finder: Finder, said: Said, roles: Roles, notes: Notes) -> dict[str, str]:
    """What each speaker's word means; asked for where neither [roles], the word nor its column tells."""
    column = _column(finder)
    counts = column.counts if column else _labels(finder) or _names(finder)
    if not counts:
        if ELSE not in said.roles:
            likely = finder.likely_speaker()
            seen = f"no column's name tells it{f', {likely} perhaps' if likely else ''}"
            one_side = '--role "*=customer" where one side alone speaks'
            how = f'--column "speaker={likely or NAMELESS}", or {one_side}'
            notes.ask(f"who speaks: {seen}", how)
        return dict(said.roles)
    given = {**roles, **said.roles}
    found, unknown = {key: role for key, role in said.roles.items() if ELSE in key}, list[str]()
    for word, _ in counts.most_common():
        by_hand = mapped(word, given)
        role, sure, because = (by_hand, SAID, "you said so") if by_hand else _role(word, column, counts)
        if role is None:
            unknown.append(word)
            continue
        found[word] = role
        notes.values.append(Finding(f"speaker {label(word)}", role, sure, because))
    if unknown and ELSE not in given:
        _ask(unknown, counts, notes)
    return found


def _column(finder: Finder) -> Column | None:
    found = finder.found.get("speaker")
    return finder.look.columns.get(found.found) if found else None


def _labels(finder: Finder) -> Counter[str]:
    """The names before the colons of the cells that hold whole conversations; those in one cell alone are none."""
    found = finder.found.get("transcript")
    if found is None or found.found not in finder.look.columns:
        return Counter()
    counts, cells = Counter[str](), Counter[str]()
    for cell in finder.look.columns[found.found].given:
        names = labels_in(str(cell))
        counts.update(names)
        cells.update({name for name in names if names.count(name) > 1 or meant("roles", name)})
    return Counter({name: counts[name] for name in counts if cells[name]})


def _names(finder: Finder) -> Counter[str]:
    """The columns of texts that stand side by side, each as its speaker."""
    return Counter({name: finder.look.columns[name].given.len() for name in finder.texts})


def _role(word: str, column: Column | None, counts: Counter[str]) -> tuple[str | None, str, str]:
    """Role, how sure, and why; no role where nothing tells."""
    by_word = meant("roles", word)
    if by_word:
        return by_word, HIGH, "the word says so"
    by_way = meant("directions", word)
    if by_way:
        return by_way, HIGH, "a message that comes in is the customer's, one that goes out the agent's"
    answers = {meant("answers", other) for other in counts}
    flag = meant("flags", column.bare) if column else None
    if flag and answers <= {"yes", "no"} and column:
        other = {"customer": "agent", "agent": "customer"}.get(flag)
        role = flag if meant("answers", word) == "yes" else other
        if role:
            return role, HIGH, f"the column {column.name} says whether it is the {flag}'s"
    if column is None and (by_column := role_in(last(word))):
        return by_column, HIGH, "the column is named so"
    first = bare(word).split()[:1]
    role = (
        meant("roles", first[0]) if first and len(bare(word).split()) > 1 and bare(word).split()[-1].isdigit() else None
    )
    return (role, MEDIUM, "the word before the number says so") if role else (None, "", "")


def _ask(unknown: list[str], counts: Counter[str], notes: Notes) -> None:
    shown = ", ".join(f"{label(word)} ({counts[word]:,} turns)" for word in unknown[:SHOWN])
    more = f" and {len(unknown) - SHOWN} more" if len(unknown) > SHOWN else ""
    example = unknown[0] if len(unknown[0]) <= 40 else "NAME"
    rest = '; --role "*=customer" for everybody else' if len(unknown) > 2 else ""
    notes.ask(
        f"role of {shown}{more}",
        f'--role "{example}=agent" and so on (agent, customer, supervisor, bot, system, event, note){rest}',
        "roles",
        tuple(unknown),
    )

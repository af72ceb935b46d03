"""A format: how it is told from others, how it is read, and what it can support."""

from collections.abc import Callable
from dataclasses import dataclass

from transforms.readers.content import Head
from transforms.readers.transcript import Draft, File, Roles


@dataclass(frozen=True)
class Supports:
    """What a format can support; a word says where it comes from."""

    title: str
    roles: str = "no"
    ends: str = "no"
    words: str = "no"
    overlap: str = "no"
    csat: str = "no"
    resolved: str = "no"
    reopened: str = "no"
    transfer: str = "no"
    labels: str = "no"


def never(_: Head) -> bool:
    """No."""
    return False


@dataclass(frozen=True)
class Reader:
    """A format's reader."""

    name: str
    supports: Supports
    recognise: Callable[[Head], bool]
    read: Callable[[list[File], Roles], Draft]
    is_piece: Callable[[Head], bool] = never  # whether the file makes sense only beside others of its folder
    part_of: Callable[[Head], str | None] | None = None  # the conversation of which other files hold further parts
    beside: frozenset[str] = frozenset()  # names of files that belong to one of this format in the same folder
    way: str = ""  # what else says how it is read: the mapping of a file of a team's own

    @property
    def comes_in_pieces(self) -> bool:
        """Whether files of this format may make sense only together."""
        return bool(self.beside or self.part_of) or self.is_piece is not never

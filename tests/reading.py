"""What a reader gives for a file, and how it says what it refused."""

from pathlib import Path

from transforms.readers import Rejected, Transcript, discover, read

FIXTURES = Path(__file__).parent / "fixtures"


def give(folder: Path, name: str, content: str | bytes, **roles: str) -> Transcript:
    """What is read of a file with that content."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_all(path, **roles)


def read_all(path: Path, **roles: str) -> Transcript:
    """What is read of the one source that is there."""
    sources, _ = discover([str(path)])
    assert len(sources) == 1
    found = read(sources[0], roles)
    balanced(found)
    return found


def balanced(found: Transcript) -> None:
    """That nothing is lost: accepted and rejected are what was given, and no reader failed."""
    assert found.accepted_count >= 0
    assert found.accepted_count + found.rejected_count == found.given_count
    assert not [one for one in found.rejected if "reader failed" in one.reason]


def said(one: Rejected) -> str:
    """A refusal as it is printed, without the file."""
    return f"{one.place}: {one.reason}. {one.cure}"


def refusals(found: Transcript) -> list[str]:
    """Every refusal as it is printed."""
    return [said(one) for one in found.rejected]


def rows(found: Transcript, *columns: str) -> list[tuple[object, ...]]:
    """These columns of the segments."""
    return found.segment.select(columns).rows()

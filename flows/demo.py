"""The sample, start to end."""

import shutil
from datetime import datetime
from pathlib import Path

from flows import lake
from flows.build import run
from flows.home import HomeError, make_home
from flows.progress import Say

SAMPLE = Path(__file__).parent.parent / "data" / "sample"
AS_OF = datetime(2026, 11, 16, 2)  # the night after the sample's last day


def demo(home: Path, say: Say) -> None:
    """Publishes the sample's warehouse in the home. Raises HomeError where the home holds something else."""
    make_home(home)
    others = [
        batch.name
        for batch in lake.batches(home)
        if not Path(batch.location.split("\n")[0]).is_relative_to(SAMPLE.resolve())
    ]
    if others:
        raise HomeError(
            f"{home}: it holds {others[0]}; expected an empty home for the sample. Name another: heard demo --home DIR."
        )
    if not (home / "heard.toml").exists():
        shutil.copy(SAMPLE / "heard.toml", home / "heard.toml")
    summary = run([str(SAMPLE)], home, as_of=AS_OF, say=say)
    for line in summary.lines(home):
        say(line)

"""How long does each page take, and each change of a filter on it? Over a home as benchmarks.big_warehouse makes it.

    python -m benchmarks.dashboard HOME [--page NAME] [--selection WORDS]

Each look is timed as the server runs it, with no answer kept from the look before, and beside it the processor time of
all threads: where other work shares the machine, half of that is what two idle cores would take at least. The promise:
a second in the median, two at worst.
"""

import argparse
import os
import statistics
import time
from collections import defaultdict
from datetime import timedelta
from pathlib import Path

from streamlit.logger import set_log_level
from streamlit.testing.v1 import AppTest

from dashboard import warehouse

APP = Path(__file__).parent.parent / "dashboard" / "app.py"
PAGES = tuple(sorted(page.stem for page in (APP.parent / "app_pages").glob("*.py")))
EVERYTHING = {"period": "Everything"}
SELECTIONS = {
    "28 days": {},
    "everything": EVERYTHING,
    "a team": EVERYTHING | {"team": ["team 3"]},
    "an agent": EVERYTHING | {"agent_id": ["agent 17"]},
    "a channel": EVERYTHING | {"channel": ["voice"]},
    "a language": EVERYTHING | {"language": ["en"]},
    "a topic": EVERYTHING | {"topic": ["topic 5"]},
    "a channel and a language": EVERYTHING | {"channel": ["voice", "chat"], "language": ["en", "fr"]},
    "90 days and three teams": {"period": "Last 90 days", "team": ["team 1", "team 2", "team 3"]},
    "half a year": {"period": "From … to …"},
    "rated below 4": EVERYTHING | {"ending": "rated below 4"},
}
OWN = {
    "conversations": {
        "common words": {"words": "the"},
        "rare words": {"words": "dishwasher has stopped working again"},
        "words in a team": {"words": "refund", "team": ["team 3"]},
        "words never said": {"words": "no such words anywhere %_'"},
        "a marker": {"marker": "validation"},
        "a metric from high to low": {"by": "reply_seconds", "low": "10", "order": "highest value first"},
        "rated below 4": {"ending": "rated below 4"},
        "late": {"escalation": "late"},
    },
    "indicators": {
        "a median": {"metric": "reply_seconds"},
        "a ratio": {"metric": "validation_per_100_turns"},
        "a share": {"metric": "had_follow_up"},
    },
    "behaviour": {"a rating": {"outcome": "csat"}, "a rating, weighted": {"outcome": "csat", "weighted": "true"}},
    "conversation": {"found by words": {"words": "the"}, "found by a metric": {"by": "reply_seconds"}},
    "changes": {"an outcome": {"period": "Last 90 days", "outcome": "was_resolved"}},
    "coaching": {"a hard agent": {"who": "agent 42"}, "another family": {"family": "listening"}},
    "escalations": {"by trigger": {"by_facet": "Trigger"}, "timely": {"class": "timely"}},
    "promises": {"kept": {"status": "kept"}},
    "quality": {"listening": {"family": "listening"}},
    "teams": {"teams": {"level": "Teams"}, "a share": {"metric": "had_follow_up"}},
}


def look(page: str, link: dict) -> tuple[float, float]:
    """The seconds that a page takes with what the link chooses, all of it asked anew, and those of the processor."""
    app = AppTest.from_file(str(APP), default_timeout=120)
    app.query_params.update(link)
    app.switch_page(f"app_pages/{page}.py")
    warehouse.forget()
    began, busy = time.perf_counter(), time.process_time()
    app.run()
    took = time.perf_counter() - began, time.process_time() - busy
    assert not app.exception, [problem.value for problem in app.exception]
    return took


def looks() -> dict[tuple[str, str], dict]:
    """Each page with each selection, and what is particular to a page."""
    last = warehouse.query("SELECT max(started_at)::DATE FROM conversation").item()
    days = {"half a year": {"days": [str(last - timedelta(days=181)), str(last)]}}
    shared = {words: link | days.get(words, {}) for words, link in SELECTIONS.items()}
    asked = {(page, words): link for page in PAGES for words, link in shared.items()}
    asked |= {(page, words): EVERYTHING | link for page in OWN for words, link in OWN[page].items()}
    one = warehouse.query("SELECT max(conversation_id) FROM conversation").item()
    return {key: link | ({"conversation_id": one} if key[0] == "conversation" else {}) for key, link in asked.items()}


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("home")
    given.add_argument("--page")
    given.add_argument("--selection")
    asked = given.parse_args()
    os.environ["HEARD_HOME"] = asked.home
    set_log_level("error")
    look("overview", {})  # imports
    took: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for (page, words), link in looks().items():
        if page == (asked.page or page) and words == (asked.selection or words):
            took[page].append(look(page, link))
            print("{:6.2f} s  {:6.2f} s of processor".format(*took[page][-1]), f" {page}: {words}", flush=True)
    print("\nseconds: median, worst; of processor: median, worst; looks")
    for page, seconds in [*took.items(), ("all", [one for part in took.values() for one in part])]:
        wall, busy = zip(*seconds, strict=True)
        figures = [f"{of(column):6.2f}" for column in (wall, busy) for of in (statistics.median, max)]
        print(*figures, f"{len(seconds):4}  {page}")


if __name__ == "__main__":
    main()

"""How long does each page take, and each change of a filter on it? Over a home as benchmarks.big_warehouse makes it.

    python -m benchmarks.dashboard HOME [--page NAME] [--selection WORDS]

Each look is timed as the server runs it, with no answer kept from the look before, and beside it the processor time of
all threads: where other work shares the machine, half of that is what two idle cores would take at least. The promise:
a second in the median, two at worst.
"""

import argparse
import logging
import os
import statistics
import time
from pathlib import Path

from streamlit.testing.v1 import AppTest

from dashboard import warehouse

APP = Path(__file__).parent.parent / "dashboard" / "app.py"
PAGES = ("overview", "indicators", "behaviour", "promises", "escalations", "conversations", "quality", "about")
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
}
OWN = {
    "conversations": {
        "common words": {"words": "the"},
        "rare words": {"words": "dishwasher has stopped working again"},
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
    asked = {(page, words): link for page in PAGES for words, link in SELECTIONS.items()}
    asked |= {(page, words): EVERYTHING | link for page in OWN for words, link in OWN[page].items()}
    ids = warehouse.query("SELECT conversation_id FROM conversation ORDER BY conversation_id LIMIT 3 OFFSET 1000")
    opened = {f"number {place}": {"conversation_id": name} for place, name in enumerate(ids["conversation_id"])}
    return asked | {("conversation", words): EVERYTHING | link for words, link in opened.items()}


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("home")
    given.add_argument("--page")
    given.add_argument("--selection")
    asked = given.parse_args()
    os.environ["HEARD_HOME"] = asked.home
    logging.getLogger("streamlit").setLevel(logging.ERROR)
    look("about", {})  # imports
    took = []
    for (page, words), link in looks().items():
        if page == (asked.page or page) and words == (asked.selection or words):
            took.append(look(page, link))
            print(f"{took[-1][0]:6.2f} s  {took[-1][1]:6.2f} s of processor  {page}: {words}", flush=True)
    for what, seconds in zip(("", " of processor"), zip(*took, strict=True), strict=True):
        print(f"median {statistics.median(seconds):.2f} s{what}, worst {max(seconds):.2f} s, of {len(took)} looks")


if __name__ == "__main__":
    main()

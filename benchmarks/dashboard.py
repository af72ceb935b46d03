"""How long does each page take, and each change of a filter on it? Over a home as benchmarks.big_warehouse makes it.

    python -m benchmarks.dashboard HOME [--page NAME]

Each look is timed as the server runs it, with no answer kept from the look before. The last lines give the median and
the worst of all, and the pages that are slower than the promise: a second in the median, two at worst.
"""

import argparse
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


def look(page: str, link: dict) -> float:
    """The seconds that a page takes with what the link chooses, all of it asked anew."""
    app = AppTest.from_file(str(APP), default_timeout=120)
    app.query_params.update(link)
    app.switch_page(f"app_pages/{page}.py")
    warehouse.forget()
    began = time.perf_counter()
    app.run()
    took = time.perf_counter() - began
    assert not app.exception, [problem.value for problem in app.exception]
    return took


def looks(only: str | None) -> dict[tuple[str, str], float]:
    """Each page with each selection, and what is particular to a page."""
    pages = [only] if only else list(PAGES)
    asked = {(page, words): link for page in pages for words, link in SELECTIONS.items()}
    asked |= {(page, words): EVERYTHING | link for page in pages for words, link in OWN.get(page, {}).items()}
    if only in (None, "conversation"):
        ids = warehouse.query("SELECT conversation_id FROM conversation USING SAMPLE 3 (reservoir, 1)")
        asked |= {
            ("conversation", f"number {place}"): EVERYTHING | {"conversation_id": name}
            for place, name in enumerate(ids["conversation_id"])
        }
    look("about", {})  # imports
    return {key: look(key[0], link) for key, link in asked.items()}


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("home")
    given.add_argument("--page")
    asked = given.parse_args()
    os.environ["HEARD_HOME"] = asked.home
    took = looks(asked.page)
    for (page, words), seconds in took.items():
        print(f"{seconds:6.2f} s  {page}: {words}")
    print(f"\nmedian {statistics.median(took.values()):.2f} s, worst {max(took.values()):.2f} s of {len(took)} looks")


if __name__ == "__main__":
    main()

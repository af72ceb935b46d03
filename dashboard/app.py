"""The dashboard: its pages in reading order, and the filters that all of them share."""

from pathlib import Path

import streamlit as st

from dashboard import door, filters, links, show
from dashboard.warehouse import NoWarehouseError, UnreadableError, home, version

PAGES = Path(__file__).parent / "app_pages"
ICON = Path(__file__).parent / "heard.svg"


def pages() -> dict[str, list]:
    """The pages by section, in reading order."""
    return {
        "": [
            _page("overview", "Overview", "monitoring", default=True),
            _page("changes", "What changed", "difference"),
        ],
        "Behaviour": [
            _page("indicators", "Indicators", "query_stats"),
            _page("behaviour", "Behaviour and outcome", "scatter_plot"),
            _page("teams", "Teams and agents", "groups"),
            _page("coaching", "Coaching", "school"),
            _page("promises", "Promises", "event_available"),
            _page("scorecard", "Scorecard", "scoreboard"),
            _page("escalations", "Escalations", "moving"),
        ],
        "Evidence": [
            _page("conversations", "Conversations", "forum"),
            _page("conversation", "Conversation", "chat", visibility="hidden"),
            _page("quality", "Data quality", "fact_check"),
            _page("about", "About the metrics", "menu_book"),
            _page("metric", "Metric", "function", visibility="hidden"),
        ],
    }


def _page(name: str, title: str, icon: str, **options: object) -> object:
    return st.Page(PAGES / f"{name}.py", title=title, icon=f":material/{icon}:", **options)


st.set_page_config("Heard", page_icon=str(ICON), layout="wide")
page = st.navigation(pages())
st.html(show.CSS)
door.enter()
try:
    version()
except NoWarehouseError:
    show.no_warehouse(home())
    st.stop()
try:
    links.follow()
    filters.show(page.url_path)
    page.run()
except UnreadableError as error:
    show.unreadable(home(), type(error).__name__)

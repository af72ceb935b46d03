"""Overview: how much there was, how it ended, how behaviour moved, how fresh it is, what failed."""

import streamlit as st

from dashboard import changes, charts, filters, links, overview, say, show
from dashboard.warehouse import behind, query

OUTCOMES = (
    "was_resolved",
    "was_first_contact_resolved",
    "csat",
    "is_csat_positive",
    "resolution_seconds",
    "was_escalated",
)

chosen = filters.chosen()
show.heading("Overview", "How much was there, how did it end, and what has moved?", chosen)
metrics = show.metric_table()

last = query("FROM run ORDER BY started_at DESC LIMIT 1").row(0, named=True)
rejected = query("SELECT coalesce(sum(record_count), 0)::BIGINT FROM rejected_record").item()
failed = query("SELECT * FROM quality_check WHERE run_id = $run AND NOT is_passed", run=last["run_id"])
latest = query("SELECT max(started_at) FROM conversation").item()
st.caption(
    f"Published {say.moment(last['ended_at'] or last['started_at'])} · judged as of {say.moment(last['as_of'])}"
    f" · latest conversation {say.moment(latest)}"
)
if rejected or not failed.is_empty():
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        refused = [f"Rejected: {say.count(rejected, 'record')}"] if rejected else []
        broken = [f"not held: {say.count(failed.height, 'check')} of the last run"] if failed.height else []
        st.text(" · ".join([*refused, *broken]))
        st.page_link("app_pages/quality.py", label="See which, and the cure", icon=":material/fact_check:")

st.subheader("Outcomes", anchor=False)
now, before = overview.compared([metrics[name] for name in OUTCOMES if name in metrics], chosen)
if not before:
    st.caption("Choose a period in the sidebar to compare with the one before.")
explained = changes.decomposed()
cells = [column for row in range(0, len(now), 3) for column in st.columns(3)]
for cell, name in zip(cells, now, strict=False):
    with cell:
        note = overview.response_rate(chosen) if name in ("csat", "is_csat_positive") else ""
        show.card(metrics[name], now[name], before.get(name), note)
        if before and name in explained:
            st.page_link(links.CHANGES, label="What this move goes with", query_params={"outcome": name})

st.subheader("Volume", anchor=False)
with behind() as asked:
    counts = overview.volume(chosen)
if counts.is_empty():
    st.info("No conversation of this selection has a time, so there are no days to draw.")
else:
    show.figure(charts.volume(counts), "volume", "Bars: conversations begun per day, by channel", counts, asked)
    st.caption("Click a bar to see its conversations.")

if before:
    st.page_link(links.CHANGES, label="Which indicators moved by more than chance", icon=":material/difference:")

"""Promises: which are due, which were broken, with the words that made them."""

import streamlit as st

from dashboard import charts, export, filters, ledger, quotes, say, show
from dashboard.warehouse import behind

chosen = filters.chosen()
show.heading("Promises", "What did we promise, what is due, and what did we break?", chosen)
counts = ledger.counts(chosen)
if not counts:
    st.info("No promise was found in these conversations. Choose a longer period or clear a filter in the sidebar.")
    st.stop()

kept = ledger.kept_share(counts)
columns = st.columns(4)
columns[0].metric("Promises", f"{sum(counts.values()):,}", border=True)
columns[1].metric(
    "Kept on time", say.value(kept["value"], "share 0..1"), border=True, help=say.plain(ledger.KEPT_MEANS)
)
columns[2].metric("Broken", f"{counts.get('broken', 0):,}", border=True)
columns[3].metric("Not due yet", f"{counts.get('pending', 0):,}", border=True)
st.caption(
    say.plain(
        f"Kept on time: 95 % {say.interval(kept['low'], kept['high'], 'share 0..1')}, n {kept['n']:,} that came due and"
        f" can be judged. {counts.get('unknown', 0):,} are unknown: there is no proof either way."
        f" Judged as of {say.moment(ledger.as_of())}."
    )
)

st.subheader("By team", anchor=False)
with behind() as asked:
    kept_by_team = ledger.kept_by(chosen, "team")
within = {"by": "commitment_kept_share", "order": "lowest value first"}
drawn = charts.groups(kept_by_team, "share 0..1", "Promises kept on time", "team", within)
show.figure(drawn, "kept", "Promises kept on time by team, with 95 % intervals", kept_by_team, asked)
st.caption("Click a point to see the conversations whose promises came due, the least kept first.")

st.subheader("Ledger", anchor=False)
labels = {status: f"{words} ({counts.get(status, 0):,})" for status, words in ledger.LISTS.items()}
status = show.choice(st.segmented_control, "Show", list(labels), "status", labels.__getitem__, required=True)
total = counts.get(status, 0)
page = st.pagination(max(1, -(-total // ledger.PAGE)), key="page", bind="query-params")
listing = ledger.promises(chosen, status)
rows = listing.page(page, ledger.PAGE)
if rows.is_empty():
    st.info("None in this selection.")
said = quotes.texts(rows.to_dicts())
for row in rows.to_dicts():
    name, turn = row["conversation_id"], row["turn_index"]
    with st.container(border=True, gap=None):
        show.conversation_link(name, {"turn": str(turn)}, f"{name} at turn {turn}")
        st.html(ledger.as_html(row, said.get((name, turn), "")))
export.offer(listing.whole, f"promises-{status}", [listing.statement])

"""Conversations: find them by what was said, by a metric, by how they ended."""

import streamlit as st

from dashboard import export, filters, say, show
from dashboard.find import ENDINGS, ESCALATIONS, ORDERS, PAGE, Find, found, number
from dashboard.snippets import snippets
from dashboard.warehouse import query

SEARCH = ":material/search:"

chosen = filters.chosen()
show.heading("Conversations", "Which conversations are these, and what was said in them?", chosen)
metrics = {name: row for name, row in show.metric_table().items() if row["unit"] != "class"}
markers = query("SELECT DISTINCT marker FROM marker ORDER BY marker")["marker"].to_list()

columns = st.columns([3, 2, 2, 2])
with columns[0]:
    words = show.field(st.text_input, "Words", "words", str, placeholder="said by anyone, in this order", icon=SEARCH)
with columns[1]:
    marker = show.choice(st.selectbox, "Behaviour", ["", *markers], "marker", show.or_any)
with columns[2]:
    ending = show.choice(st.selectbox, "Ending", ["", *ENDINGS], "ending", show.or_any)
with columns[3]:
    escalation = show.choice(st.selectbox, "Escalation", ["", *ESCALATIONS], "escalation", show.or_any)
columns = st.columns([3, 2, 2, 2])
with columns[0]:
    by = show.choice(st.selectbox, "Metric", ["", *metrics], "by", show.metric_or_any)
with columns[1]:
    low = show.field(st.number_input, "At least", "low", number, value=None, disabled=not by)
with columns[2]:
    high = show.field(st.number_input, "At most", "high", number, value=None, disabled=not by)
with columns[3]:
    order = show.choice(st.selectbox, "Order", list(ORDERS), "order", str)
if by:
    st.caption(say.plain(f"{say.name(by)} in {metrics[by]['unit']}: {metrics[by]['definition']}"))

find = Find(words.strip(), by, low, high, marker, ending, escalation, order)
slot = st.container()
page = st.session_state.get("page", 1)
listing = found(chosen, find)
rows = listing.page(page, PAGE)
if rows.is_empty() and page > 1:
    page, rows = 1, listing.page(1, PAGE)
if rows.is_empty():
    st.info("Nothing was found. Ask for fewer words, a wider range, a longer period, or clear a filter.")
    st.stop()
count = rows["found_count"][0]
slot.markdown(f"**{count:,} found**, {order}")
said = snippets(rows, find)
for row in rows.to_dicts():
    with st.container(border=True, gap=None):
        shown = f" · {say.name(by)} {say.single(row['value'], metrics[by]['unit'])}" if by else ""
        show.conversation_link(row["conversation_id"], find.link, f"{row['conversation_id']}{shown}")
        st.html(f'<div class="heard-row">{show.facts(row)}{said.get(row["conversation_id"], "")}</div>')
st.pagination(max(1, -(-count // PAGE)), key="page", bind="query-params")
export.offer(listing.whole, "conversations", [listing.statement])

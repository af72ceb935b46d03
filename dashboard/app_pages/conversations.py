"""Conversations: find them by what was said, by a metric, by how they ended."""

import streamlit as st

from dashboard import export, filters, say, show
from dashboard.find import ESCALATIONS, LISTED, ORDERS, PAGE, TRIGGERS, Find, found, from_link, listed, listing, number
from dashboard.snippets import snippets
from dashboard.warehouse import query

SEARCH = ":material/search:"

chosen = filters.chosen()
show.heading("Conversations", "Which conversations are these, and what was said in them?", chosen)
metrics = {name: row for name, row in show.metric_table().items() if row["unit"] != "class"}
markers = query("SELECT DISTINCT marker FROM marker ORDER BY marker")["marker"].to_list()

columns = st.columns([4, 2, 2, 2])
with columns[0]:
    words = show.field(st.text_input, "Words", "words", str, placeholder="said by anyone, in this order", icon=SEARCH)
with columns[1]:
    marker = show.choice(st.selectbox, "Behaviour", ["", *markers], "marker", show.or_any)
with columns[2]:
    escalation = show.choice(st.selectbox, "Escalation", ["", *ESCALATIONS], "escalation", show.or_any)
with columns[3]:
    trigger = show.choice(st.selectbox, "Trigger", ["", *TRIGGERS], "trigger", show.or_any)
columns = st.columns([4, 2, 2, 2, 2])
with columns[0]:
    by = show.choice(st.selectbox, "Metric", ["", *metrics], "by", show.metric_or_any)
with columns[1]:
    low = show.field(st.number_input, "At least", "low", number, value=None, disabled=not by)
with columns[2]:
    high = show.field(st.number_input, "At most", "high", number, value=None, disabled=not by)
with columns[3]:
    why = show.choice(st.selectbox, "Without a value", ["", *say.WHY_NULL], "why", show.or_no_matter, disabled=not by)
with columns[4]:
    order = show.choice(st.selectbox, "Order", list(ORDERS), "order", str)
if by:
    st.caption(say.plain(f"{say.name(by)} in {metrics[by]['unit']}: {metrics[by]['definition']}"))

figure = from_link(st.query_params, set(metrics))  # what a figure asks for beyond these fields
find = Find(words.strip(), by, figure.counted, figure.known, low, high, marker, escalation, trigger, why, order)
if terms := figure.terms:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(say.plain(f"As in the figure: {terms}."))
        st.button("Without that", on_click=show.forget, args=("counted", "known"), type="tertiary")
slot = st.container()
all_found = found(chosen, find)
if not all_found.all_count:
    st.info("Nothing was found. Ask for fewer words, a wider range, a longer period, or clear a filter.")
    st.stop()
last = -(-len(all_found.ids) // PAGE)
page = min(st.session_state.get("page", 1), last)
ids = all_found.ids[PAGE * (page - 1) : PAGE * page]
rest = f"; the first {LISTED:,} are listed" if all_found.all_count > LISTED else ""
slot.markdown(f"**{all_found.all_count:,} found**, {order}{rest}")
said = snippets(ids, find)
for row in listed(ids, find):
    with st.container(border=True, gap=None):
        shown = f" · {say.name(by)} {say.single(row['value'], metrics[by]['unit'])}" if by else ""
        snippet = said.get(row["conversation_id"])
        at = {"turn": str(snippet.turn_index)} if snippet and find.words else {}
        show.conversation_link(row["conversation_id"], find.link | at, f"{row['conversation_id']}{shown}")
        st.html(f'<div class="heard-row">{show.facts(row)}{snippet.html if snippet else ""}</div>')
st.pagination(last, key="page", bind="query-params")
whole = listing(chosen, find)
export.offer(whole.whole, "conversations", [whole.statement])

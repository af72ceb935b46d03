"""Escalations: which came in time, which late, which not at all."""

import streamlit as st

from dashboard import charts, charts_compared, escalated, export, filters, say, show
from dashboard.warehouse import behind

chosen = filters.chosen()
show.heading("Escalations", "When it called for an escalation, did one follow, and how soon?", chosen)
with behind() as asked:
    counts = escalated.counts(chosen)
if counts.is_empty():
    st.info("No conversation of this selection had a trigger or an escalation. Choose a longer period in the sidebar.")
    st.stop()

columns = st.columns(4)
for column, (name, meaning) in zip(columns, say.CLASS.items(), strict=True):
    column.metric(name.capitalize(), f"{escalated.total(counts, name):,}", help=say.plain(meaning), border=True)
share = escalated.timely_share(counts)
st.caption(
    say.plain(
        f"In time: {say.value(share['value'], 'share 0..1')} of {share['n']:,} conversations with a trigger"
        f" (95 % {say.interval(share['low'], share['high'], 'share 0..1')}). A trigger is a request, aggression, or the"
        " third repeat of one complaint."
    )
)

left, right = st.columns(2)
with left:
    st.subheader("By team", anchor=False)
    show.figure(charts.classes(counts), "classes", "Escalations of each class by team", counts, asked)
    st.caption("Click a bar to see its conversations.")
with right:
    st.subheader("How soon", anchor=False)
    with behind() as asked_for_delays:
        bins, censored = escalated.delays(chosen)
    if bins.is_empty():
        st.info("No trigger of this selection was followed by an escalation.")
    else:
        alt = "Agent turns from trigger to escalation"
        show.figure(charts.delays(bins), "delays", alt, bins, asked_for_delays)
    st.caption(f"Green: within two agent turns. {censored:,} triggers that nothing followed are not drawn: see missed.")

st.subheader("Time to escalation", anchor=False)
by = show.choice(st.segmented_control, "By", list(escalated.FACETS), "by_facet", str, required=True)
facet = escalated.FACETS[by]
with behind() as asked:
    curves = escalated.curves(facet)
if curves.is_empty():
    st.info("No trigger has a time, so there is nothing to count from.")
else:
    names = curves["name"].unique().to_list()
    drawn = charts_compared.curves(curves, {name: escalated.opens(facet, name) for name in names})
    show.figure(drawn, f"curves-{facet}", f"Share escalated by each moment after the trigger, by {by}", curves, asked)
    st.caption(
        "Kaplan–Meier, over every conversation, whatever the sidebar says: one that ended unescalated counts until its"
        " end and is never taken for an escalation nor left out. Click a point to see those escalated."
    )
    with behind() as asked:
        risk = escalated.at_risk(facet)
    show.words_table(escalated.at_risk_in_words(risk), f"at-risk-{facet}", "Escalated by then, 95 %, at risk", asked)

st.subheader("Conversations", anchor=False)
kind = st.segmented_control("Class", list(say.CLASS), default="missed", key="class", bind="query-params", required=True)
page = st.pagination(max(1, -(-escalated.total(counts, kind) // escalated.PAGE)), key="page", bind="query-params")
listing = escalated.conversations(chosen, kind)
rows = listing.page(page, escalated.PAGE)
if rows.is_empty():
    st.info("None in this selection.")
for row in rows.to_dicts():
    with st.container(border=True, gap=None):
        show.conversation_link(row["conversation_id"], {"escalation": kind})
        st.html(f'<div class="heard-row">{show.facts(row)}<div>{say.html(escalated.in_words(row))}</div></div>')
export.offer(listing.whole, f"escalations-{kind}", [listing.statement])

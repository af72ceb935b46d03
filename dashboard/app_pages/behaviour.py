"""Behaviour and outcome: which behaviours go with resolution and satisfaction, and what cannot be told."""

import streamlit as st

from dashboard import charts, filters, overview, relation, say, show
from dashboard.warehouse import behind

show.heading("Behaviour and outcome", "Which behaviours are associated with how a conversation ends, and which not?")
st.caption(
    "Over every conversation, whatever the sidebar says: behaviour before the outcome, within agents, adjusted for "
    "case mix. Associated is not caused: what was not recorded could still explain it."
)
metrics = show.metric_table()
outcomes = relation.outcomes()
if not outcomes:
    st.info("Nothing was related yet: it takes conversations with outcomes. Add an outcomes file and run `heard run`.")
    st.stop()
outcome = show.choice(st.selectbox, "Outcome", outcomes, "outcome", say.name)
is_weighted = False
if relation.is_surveyed(outcome):
    is_weighted = st.toggle("Weight answers by how unlikely they were", key="weighted", bind="query-params")
    answered = overview.response_rate(filters.Chosen(None))
    st.caption(
        f"Ratings are of those who answered{answered}. Weighted, an answer from a kind of conversation that seldom gets"
        " one (by channel, topic, team, language, distress, length, resolution) counts for more. That undoes"
        " differences in these, and in nothing else."
    )
with behind() as asked:
    rows = relation.effects(outcome, is_weighted)
axis, is_ratio = relation.axis(rows)

clear, unclear = relation.counts(rows)
st.markdown(
    f"**{clear}** of {rows.height} indicators hold after correction for so many tests (q ≤ 0.05); "
    f"**{unclear}** are too small to tell. n {relation.n_range(rows)} conversations."
)
drawn = relation.drawn(rows)
if drawn.is_empty():
    st.info("No indicator has enough conversations with this outcome for an estimate.")
    st.stop()
show.figure(
    charts.forest(drawn, axis, is_ratio),
    "forest",
    f"Associations with {say.name(outcome)}",
    drawn,
    asked,
    clicks="chooses",
)
st.caption(
    "Each effect is for a difference of one standard deviation, with its 95 % interval. Click a point to look closer."
)

if unclear:
    st.caption(f"Too small to tell, and not drawn: {say.plain(relation.too_small(rows))}.")

indicator = show.choice(st.selectbox, "Look closer at", drawn["indicator"].to_list(), "indicator", say.name)
one = relation.one(rows, indicator)
with st.container(border=True):
    st.text(one["sentence"] or "There is no sentence for this pair.")
    st.caption(say.plain(f"Adjusted for: {relation.adjusted_for(one)}. {relation.figures(one)}"))
    if one["e_sentence"]:
        st.caption(say.plain(f"Could something unseen explain it? {one['e_sentence']} (E-value)"))
    st.caption(say.plain(f"{say.name(indicator)}: {metrics[indicator]['definition']}"))
    show.metric_link(indicator, f"About {say.name(indicator)}", icon=":material/function:")

st.subheader("As it stands, bin by bin", anchor=False)
with behind() as asked_for_bins:
    bins = relation.dose(indicator, outcome)
if bins.is_empty():
    st.info("No conversation has both.")
    st.stop()
show.figure(
    charts.dose(bins, metrics[indicator], metrics[outcome], relation.opens(bins, indicator, outcome)),
    "dose",
    f"{outcome} by bins of {indicator}",
    bins,
    asked_for_bins,
)
st.caption(
    "Nothing is adjusted for here: raw values with their 95 % intervals and n. Click a point to see these very"
    " conversations."
)

with st.expander("Every indicator in figures"):
    show.table(relation.in_words(rows), f"association-{outcome}", asked)

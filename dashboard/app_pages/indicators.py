"""One metric: what it is, how much of it there is, how it is spread, how it moves, and where."""

import streamlit as st

from dashboard import charts, filters, say, show, spread
from dashboard.estimates import estimate
from dashboard.overview import compared
from dashboard.warehouse import behind

GROUPS = {"Team": "team", "Channel": "channel", "Language": "language", "Topic": "topic"}

chosen = filters.chosen()
show.heading("Indicators", "What is one indicator, how is it spread, how does it move, and where?", chosen)
metrics = {name: row for name, row in show.metric_table().items() if row["unit"] != "class"}
name = show.choice(st.selectbox, "Metric", list(metrics), "metric", lambda key: show.with_family(metrics[key]))
metric = metrics[name]
unit, label = metric["unit"], say.name(name)

with st.container(border=True):
    st.markdown(say.plain(metric["definition"]))
    facts = {"Unit": unit, "Summed up as": spread.AGGREGATES[metric["aggregate"]], "Source": metric["source"]}
    facts |= {"Thresholds": metric["thresholds"], "Usually better": metric["direction"], "Needs": metric["needs"]}
    st.caption(" · ".join(f"**{title}**: {say.plain(words)}" for title, words in facts.items() if words))

now, before = compared([metric], chosen)
left, right = st.columns([1, 2])
with left:
    show.card(metric, now[name], before.get(name))
with right:
    measured, others = spread.coverage(name, chosen)
    st.caption(
        f"**Coverage**: measured in {measured:,} conversations. Not measured: {show.why_null(others) or 'none'}."
    )
    if measured:
        low, middle, high = spread.quartiles(name, chosen)
        st.caption(
            say.plain(
                f"Half of the conversations lie between {say.value(low, unit)} and {say.value(high, unit)};"
                f" the middle one is at {say.value(middle, unit)}."
            )
        )
if not measured:
    st.info("No conversation of this selection has it. The reasons above say why; choose others in the sidebar.")
    st.stop()

left, right = st.columns(2)
with left:
    st.subheader("Spread", anchor=False)
    with behind() as asked:
        bins, beyond = spread.bins(name, chosen)
    show.figure(charts.spread(bins, unit, name, label), "spread", f"Histogram of {label}", bins, asked)
    note = f" {beyond:,} conversations lie beyond the 1st or 99th percentile and are not drawn." if beyond else ""
    st.caption(f"Click a bar to see its conversations.{note}")
with right:
    st.subheader("Trend", anchor=False)
    step = spread.step(chosen)
    with behind() as asked:
        points = estimate([metric], f"{chosen.where} AND started_at IS NOT NULL", step.sql, **chosen.parameters)
    if points.drop_nulls("value").is_empty():
        st.info("None of these conversations has a time.")
    else:
        alt = f"{label} over time with its 95 % band"
        show.figure(charts.trend(points, unit, label, step.name), "trend", alt, points, asked)
        st.caption(f"One point a {step.name}; the band is the 95 % interval. Click a point to see its conversations.")

st.subheader("Where", anchor=False)
by = st.segmented_control("By", GROUPS, default="Team", key="group", bind="query-params", required=True)
column = GROUPS[by]
with behind() as asked:
    rows = estimate([metric], chosen.where, f"coalesce({column}, '{filters.NOTHING_NAMED}')", **chosen.parameters)
alt = f"{label} by {by} with 95 % intervals"
show.figure(charts.groups(rows.head(40), unit, label, column), f"where-{column}", alt, rows, asked)
st.caption(
    "In the order of their names, not of their values: the mix of cases differs."
    " Click a point to see its conversations."
)

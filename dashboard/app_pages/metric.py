"""One metric: what it is, how far it can be trusted, how much of it there is, how it is spread and moves, and where."""

import streamlit as st

from dashboard import charts, filters, links, meaning, peers, say, show, spread
from dashboard.estimates import estimate
from dashboard.overview import compared
from dashboard.warehouse import behind

GROUPS = {"Team": "team", "Agent": "agent_id", "Channel": "channel", "Language": "language", "Topic": "topic"}
SHOWN = 40  # groups in one figure

chosen = filters.chosen()
catalogue = show.catalogue()
slot = st.container()
name = show.choice(st.selectbox, "Metric", list(catalogue), "metric", lambda key: show.with_family(catalogue[key]))
metric = catalogue[name]
unit, label = metric["unit"], say.name(name)
with slot:
    show.heading(
        say.plain(label), "What is this number, how far can it be trusted, how much of it is there, and where?"
    )

with st.container(border=True):
    st.markdown(say.plain(metric["definition"].replace("`", "")))
    st.caption(" · ".join(f"**{title}**: {say.plain(words)}" for title, words in meaning.facts(metric).items()))
for column, title, kind in zip(
    st.columns(2), ("A worked example", "A case without a value"), ("example", "null_example"), strict=True
):
    if metric[kind]:
        column.caption(f"**{title}**")
        column.code(metric[kind], language=None, wrap_lines=True)

if metric["markers"]:
    st.subheader("Evidence, and agreement with people", anchor=False)
    with behind() as asked:
        agreement = meaning.validity(name)
    examples = meaning.evidence(name)
    for marker in metric["markers"].split(", "):
        own = [row for row in examples if row["marker"] == marker]
        with st.container(border=True, gap="small"):
            shown = marker.replace("_", " ")
            st.html("".join(map(meaning.evidence_as_html, own)) or "<div class='heard-row'>Found by its timing.</div>")
            link = {"marker": marker}
            st.page_link(links.LIST, label=f"Conversations with: {shown}", icon=":material/forum:", query_params=link)
    show.words_table(agreement, f"validity-{name}", f"How well the detectors of {label} agree with people", asked)
    st.caption(
        "Precision: of the turns in which Heard finds it, the share in which people saw it. Recall: of those in which"
        f" people saw it, the share that Heard finds. Under {meaning.FEW_POSITIVES} turns with it they say little. The"
        " rules were written with these labels in view, most of them not of customer service: expect less of yours."
    )
else:
    st.caption("No detector stands behind it: it is made of times, counts or what the source says, nothing is guessed.")

with behind() as asked:
    thresholds = meaning.sensitivity(name)
if thresholds["n"].sum():
    st.subheader("At other thresholds", anchor=False)
    first = thresholds.row(0, named=True)
    left, right = st.columns([3, 2])
    with left:
        alt = f"{label} at thresholds of 0.3 to 3 s with 95 % intervals"
        show.figure(charts.sensitivity(thresholds, unit, label), "sensitivity", alt, thresholds, asked, clicks="")
    with right:
        told = meaning.sensitivity_in_words(thresholds, unit)
        show.words_table(told, f"at-{name}", f"{label} at other thresholds", asked)
    st.caption(
        "Over all calls, at most 2,000 of them, whatever the sidebar says. To have another threshold everywhere, set"
        f" `{first['threshold']}` under `[thresholds]` in heard.toml and run again."
    )

st.subheader("How much", anchor=False)
if metric["aggregate"] == "agent":
    if metric["family"] == "load":
        st.caption(
            f"Care for those who listen: of teams with {peers.FEWEST_AGENTS} agents or more only, and never a ranking."
            " Each agent finds their own under Coaching."
        )
        with behind() as asked:
            load = peers.load(chosen)
        if load.is_empty():
            st.info(f"No team has {peers.FEWEST_AGENTS} agents in these days. Choose a longer period in the sidebar.")
        else:
            show.words_table(peers.load_in_words(load), "load", "Load of the teams", asked)
    st.page_link(links.COACHING, label="An agent's own, under Coaching", icon=":material/school:")
    st.stop()
show.selection(chosen)
if unit == "class":
    st.page_link("app_pages/escalations.py", label="How many of each, under Escalations", icon=":material/moving:")
    st.stop()

now, before = compared([metric], chosen)
left, right = st.columns([1, 2])
with left:
    show.card(metric, now[name], before.get(name), is_linked=False)
with right:
    measured, others = spread.coverage(name, chosen)
    st.caption(
        f"**Coverage**: measured in {measured:,} conversations. Not measured: {show.why_null(others) or 'none'}."
    )
    if measured and unit != "yes/no":
        low, middle, high = spread.quartiles(name, chosen)
        st.caption(
            say.plain(
                f"Half of the conversations lie between {say.value(low, unit)} and {say.value(high, unit)};"
                f" the middle one is at {say.value(middle, unit)}."
            )
        )
    if metric["kind"] == "indicator":
        link = {"indicator": name}
        st.page_link(links.BEHAVIOUR, label="What it goes with", icon=":material/scatter_plot:", query_params=link)
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
        show.figure(charts.trend(points, unit, name, step.name), "trend", alt, points, asked)
        st.caption(f"One point a {step.name}; the band is the 95 % interval. Click a point to see its conversations.")

st.subheader("Where", anchor=False)
by = show.choice(st.segmented_control, "By", list(GROUPS), "group", str, required=True)
column = GROUPS[by]
with behind() as asked:
    rows = estimate([metric], chosen.where, f"coalesce({column}, '{filters.NOTHING_NAMED}')", **chosen.parameters)
measured_in = rows.drop_nulls("value")
alt = f"{label} by {by} with 95 % intervals"
drawn = charts.groups(measured_in.head(SHOWN), unit, label, column, {"by": name})
show.figure(drawn, f"where-{column}", alt, rows, asked)
rest = f" The first {SHOWN} of {measured_in.height:,}; all are under Save." if measured_in.height > SHOWN else ""
st.caption(
    f"In the order of their names, not of their values: the mix of cases differs.{rest}"
    " Click a point to see its conversations."
)
if column in ("team", "agent_id"):
    st.page_link(
        links.TEAMS,
        label="Who differs by more than chance, given the cases they had",
        icon=":material/groups:",
        query_params={"metric": name, "level": f"{by}s"},
    )

"""Teams and agents side by side, for the cases that each was given; a difference is named only if it holds."""

import streamlit as st

from dashboard import charts_compared, filters, peers, say, show
from dashboard.warehouse import behind

PAGE = 12
LEVELS = {"Agents": "agent", "Teams": "team"}

show.heading("Teams and agents", "Who differs by more than chance, given the cases they had, and in what?")
days = " to ".join(say.day(day) for day in peers.days())
st.caption(
    say.plain(
        f"Over the last {peers.DAYS} days up to the latest conversation{f' ({days})' if days else ''},"
        " whatever the sidebar says. Adjusted for channel, topic, language, early distress and length; drawn towards no"
        " difference the more, the less is known. In the order of names: this is no ranking."
    )
)
metrics = show.metric_table()
known = set(peers.measured())
measured = [name for name, row in metrics.items() if name in known]
if not measured:
    st.info("Nobody can be compared yet: it takes three agents or teams with two conversations each.")
    st.stop()

chosen_level = show.choice(st.segmented_control, "Level", list(LEVELS), "level", str, required=True)
level = LEVELS[chosen_level]
st.subheader("Differences that hold", anchor=False)
with behind() as asked:
    found = peers.named(level)
if found.is_empty():
    st.info(f"No difference between {chosen_level.lower()} holds: what is seen is what chance does.")
people = found["name"].unique(maintain_order=True).to_list()
pages = max(1, -(-len(people) // PAGE))
page = st.pagination(pages, key="page", bind="query-params") if pages > 1 else 1
shown = people[PAGE * (page - 1) : PAGE * page]
cells = [column for _ in range(0, len(shown), 2) for column in st.columns(2)]  # by name on a phone, too
for cell, name in zip(cells, shown, strict=False):
    with cell.container(height="stretch", border=True, gap="small"):
        own = found.filter(name=name).to_dicts()
        if level == "agent":
            show.coaching_link(name)
        else:
            st.markdown(f"**{say.plain(name)}**")
        st.html("".join(f'<div class="heard-row">{say.html(peers.in_words(row))}</div>' for row in own))

st.subheader("In one metric", anchor=False)
names = ["csat", *(name for name in measured if name != "csat")] if "csat" in measured else measured
name = show.choice(st.selectbox, "Metric", names, "metric", lambda key: show.with_family(metrics[key]))
metric = metrics[name]
unit, label = metric["unit"], say.name(name)
st.caption(say.plain(metric["definition"]))
show.metric_link(name, f"About {label}", icon=":material/function:")
with behind() as asked:
    beside = peers.peers(level, name)
if beside.is_empty():
    st.info(f"Fewer than three {chosen_level.lower()} have this metric in two conversations each.")
else:
    opens = [peers.opens(level, peer, metric) for peer in beside["name"]]
    drawn = charts_compared.funnel(beside, unit, label, opens)
    show.figure(drawn, f"funnel-{level}", f"Funnel plot of {label}: each by n, with control limits", beside, asked)
    st.caption(
        "A mean adjusted for case mix, by how many conversations it stands on. If nobody differed, 95 and 99.8 % would"
        " lie within the lines. Click a point to see its conversations."
    )
    with st.expander("Everybody in figures, by name"):
        show.table(peers.table(beside, unit), f"peers-{level}-{name}", asked)

st.subheader("Load", anchor=False)
with behind() as asked:
    load = peers.load(filters.chosen())
st.caption(
    f"Care for those who listen, over the days chosen in the sidebar: of teams with {peers.FEWEST_AGENTS} agents or"
    " more only, and never a ranking. Each agent finds their own under Coaching."
)
if load.is_empty():
    st.info(f"No team has {peers.FEWEST_AGENTS} agents in these days.")
else:
    show.words_table(peers.load_in_words(load), "load", "Load of the teams", asked)

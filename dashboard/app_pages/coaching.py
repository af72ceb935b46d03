"""Coaching: what to coach an agent on, with which conversation, and in whose words."""

import streamlit as st

from dashboard import charts_compared, filters, links, moments, peers, profile, say, show, spread, watching
from dashboard.estimates import Row
from dashboard.warehouse import behind

chosen = filters.chosen()
st.title("Coaching", anchor=False)
st.caption("What can this agent work on, with which conversation, and what can they be proud of?")
agents = sorted(profile.agents(), key=lambda name: name not in chosen.values.get("agent_id", []))  # the filter's first
if not agents:
    st.info("No conversation names its agent, so there is nobody to coach.")
    st.stop()
who = show.choice(st.selectbox, "Agent", agents, "who", str)
team = profile.team_of(who)
own, everybody = profile.of_agent(chosen, who), profile.of_team(chosen, None)
show.selection(own)
among = filters.kept() | {"agent_id": [who]}  # what previous and next walk through

st.subheader("What holds", anchor=False)
held = peers.named("agent").filter(name=who).to_dicts()
if held:
    st.html("".join(f'<div class="heard-row">{say.html(peers.in_words(row))}</div>' for row in held))
else:
    st.info("Nothing where this agent differs by more than chance, given their cases. The moments below still teach.")
st.caption(f"Over the last {peers.DAYS} days, beside all agents, given the cases each had: see Teams and agents.")

st.subheader("Three conversations worth watching", anchor=False)
picked = watching.worth_watching(own)
if not picked:
    st.info("None of these conversations shows a sign to choose it by.")
for column, row in zip(st.columns(3), picked, strict=False):
    with column.container(border=True, height="stretch", gap="small"):
        st.markdown(f"**{row['why']}**")
        st.html(f'<div class="heard-row">{say.html("; ".join(row["signs"]))}</div>')
        show.conversation_link(row["conversation_id"], among)
        st.html(f'<div class="heard-row">{show.facts(row)}</div>')
st.caption("Those with the most of the signs named: of what went well, of how hard the case was, of what was missed.")

st.subheader("Moments of distress that were missed", anchor=False)
kinds = moments.own(everybody, who)
total, missed = int(kinds["n"].sum()), int(kinds["missed"].sum())
st.markdown(f"**{missed}** of {total} moments had no {moments.MADE} in the agent's next two turns.")
pages = max(1, -(-missed // moments.PAGE))
page = st.pagination(pages, key="page", bind="query-params") if pages > 1 else 1
for row in moments.missed(everybody, who, page):
    with st.container(border=True, gap=None):
        link = {**among, "turn": str(row["turn_index"])}
        show.conversation_link(row["conversation_id"], link, f"{row['conversation_id']} at turn {row['turn_index']}")
        st.html(moments.as_html(row))

st.subheader("What colleagues say in such moments", anchor=False)
st.caption(say.plain(moments.calmer_in_words(moments.calmer(everybody))))
often_missed = kinds.filter(kinds["missed"] > 0)["kind"].head(3).to_list()
for kind, said in moments.phrases(everybody, who, often_missed).items():
    st.markdown(f"**{moments.KINDS.get(kind, kind)}**")
    for column, row in zip(st.columns(moments.PHRASES), said, strict=False):
        with column.container(border=True, height="stretch", gap=None):
            st.html(moments.phrase_as_html(row))
            where = f"{row['conversation_id']} at turn {row['turn_index']}"
            show.conversation_link(row["conversation_id"], {"turn": str(row["turn_index"])}, where)

st.subheader("Profile", anchor=False)
metrics = {name: row for name, row in show.metric_table().items() if row["unit"] != "class"}
families = list(dict.fromkeys(row["family"] for row in metrics.values()))
family = show.choice(st.pills, "Family", families, "family", show.or_any, required=True)
shown: list[Row] = [row for row in metrics.values() if row["family"] == family]
with behind() as asked:
    rows = profile.profile(shown, who, team, own)
linked = {"Metric": [links.metric_html(row) for row in shown]}
show.words_table(rows, f"profile-{family}", f"{who} in {family} beside the team", asked, linked)
st.caption(
    say.plain(
        f"The middle half of the agents of {team or 'all teams'}. Consistency: how much the agent's own conversations"
        " differ, beside what their cases alone would give (1); below 1 is steadier; from 20 conversations."
    )
)
name = show.choice(st.selectbox, "Over time", [row["metric"] for row in shown], "metric", say.name)
step = spread.step(own)
with behind() as asked:
    points = profile.trend(metrics[name], own, profile.of_team(chosen, team), who, step.sql)
if points.drop_nulls("value").is_empty():
    st.info("None of these conversations has both this metric and a time.")
else:
    drawn = charts_compared.beside(points, metrics[name]["unit"], say.name(name), step.name, who, team)
    show.figure(drawn, "beside", f"{say.name(name)} of {who} over time, beside the team", points, asked)
    st.caption(f"One point a {step.name}, with its 95 % interval. Click a point to see its conversations.")

with st.expander("Load: for the agent's own eyes"):
    load = profile.load(chosen, who)
    st.caption("Care for those who listen: shown to the agent, and of a team only from five agents. Never a ranking.")
    if not load["day_count"]:
        st.info("No working day of this agent is among these days.")
    else:
        st.text(profile.load_in_words(load))

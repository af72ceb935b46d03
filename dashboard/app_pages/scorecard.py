"""The team's scorecard: what earns points, how many were earned, and the conversations behind them."""

import streamlit as st

from dashboard import charts, export, filters, points, say, show
from dashboard.warehouse import behind

chosen = filters.chosen()
show.heading(
    "Scorecard", "By the team's own rules, how many points do conversations earn, and where are they lost?", chosen
)
if not points.items():
    st.info("This home has no scorecard. Give metrics a weight under [scorecard] in its heard.toml, and run again:")
    st.code(
        "[scorecard.Empathy]\nvalidation_response_share = { weight = 60, full = 0.8 }\n\n"
        "[scorecard.Closing]\nhas_closing_summary = { weight = 40 }",
        language="toml",
    )
    st.stop()

with behind() as asked:
    whole = points.total(chosen).row(0, named=True)
st.metric("Points, of each 100 that apply", say.number(whole["value"]), border=True)
interval = say.interval(whole["low"], whole["high"], points.POINTS)
st.caption(
    f"95 % {interval} · n {whole['n']:,} of {whole['all_count']:,}. What does not apply to a conversation (no distress,"
    " no promise) counts on neither side. Nothing else is in it than the items below."
)

st.subheader("Item by item", anchor=False)
with behind() as asked_for_items:
    rows = points.by_item(chosen)
picked = st.dataframe(
    rows.drop("metric"),
    hide_index=True,
    height="auto",
    key="items",
    on_select="rerun",
    selection_mode="single-row",
    alt="Each item of the scorecard with the points earned",
)
st.caption("Tick a row to open its conversations, those with the fewest points first.")
export.offer(rows, "scorecard", asked_for_items)
if picked["selection"]["rows"]:
    metric = rows["metric"][picked["selection"]["rows"][0]]
    st.switch_page("app_pages/conversations.py", query_params=points.worst_first(metric))

st.subheader("By team", anchor=False)
with behind() as asked_for_teams:
    teams = points.total(chosen, f"coalesce(team, '{filters.NOTHING_NAMED}')")
figure = charts.groups(teams, points.POINTS, "Points, of each 100 that apply", "team")
show.figure(figure, "teams", "Points by team", teams, asked_for_teams)
st.caption("Click a team to see its conversations. Teams differ in the cases they get: see Teams and agents.")

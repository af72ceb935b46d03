"""What changed: a period against the one before, what moved by more than chance, and what that goes with."""

import streamlit as st

from dashboard import changes, changes_told, charts_compared, export, filters, links, overview, say, show
from dashboard.warehouse import behind

chosen = filters.chosen()
show.heading("What changed", "What moved against the period before by more than chance, and what goes with it?", chosen)
before = show.before(chosen)
st.caption(say.plain(f"Compared with the period of the same length before it: {before.words}."))
metrics = {name: row for name, row in show.metric_table().items() if row["unit"] != "class"}

st.subheader("What a move goes with", anchor=False)
outcomes = changes.decomposed()
if not outcomes:
    st.info("No outcome is known in enough conversations yet to tell its moves in parts.")
else:
    outcome = show.choice(st.selectbox, "Outcome", outcomes, "outcome", say.name)
    unit, label = metrics[outcome]["unit"], say.name(outcome)
    with behind() as asked:
        found = changes.parts(outcome, chosen, before)
    if found.is_empty():
        st.info(
            f"Fewer than {changes.FEWEST_IN_PARTS} conversations with this outcome in one of the two periods: too few"
            " to tell. Choose a longer period or another outcome."
        )
    else:
        summed = {row["part"]: row for row in found.to_dicts() if row["name"] is None}
        rate = overview.response_rate(chosen) if outcome in changes_told.RATED else ""
        st.markdown(
            say.plain(
                changes_told.verdict(summed["all"] | {"unit": unit}, label) + rate.replace(" · response", " Response")
            )
        )
        for column, part in zip(st.columns(4), changes.PARTS, strict=True):
            if part in summed:
                show.part(column, changes_told.PARTS[part], summed[part], unit)
        parts = found.drop_nulls("name")
        rows = parts.to_dicts()
        drawn = charts_compared.waterfall(
            parts,
            unit,
            label,
            [changes_told.called(row) for row in rows],
            [changes_told.opens(row, outcome) for row in rows],
        )
        show.figure(drawn, "waterfall", f"How the move of {label} falls into parts", found, asked)
        st.caption(
            "A bar is how much a fact moved times how it goes with the outcome; pale where chance could do as much. The"
            " bars add up to the move. Goes with, not caused by: behaviour counts where it holds in Behaviour and"
            " outcome. Click a bar to see its conversations."
        )

st.subheader("What moved", anchor=False)
with behind() as asked:
    moves = changes.moves(list(metrics.values()), chosen, before)
words = changes_told.in_words(moves, metrics)
tested = moves["q"].count()
st.markdown(
    f"**{moves['has_moved'].sum()}** of {tested} metrics moved by more than chance, after correction for so many tests"
    f" (q ≤ 0.05); {moves.height - tested} have fewer than {changes.FEWEST} conversations in one of the periods."
)
picked = st.dataframe(
    words.drop("metric"),
    hide_index=True,
    height=460,
    key="moves",
    on_select="rerun",
    selection_mode="single-row",
    alt="Each metric now, before, and how it moved",
)
st.caption("Tick a row to see its conversations of this period, those at the worse end first.")
export.offer(words, "moves", asked)
if picked["selection"]["rows"]:
    links.go(changes_told.opens_metric(metrics[words["metric"][picked["selection"]["rows"][0]]]))

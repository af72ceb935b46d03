"""Indicators: every metric of a family at a glance, each with its interval, n, move and validation."""

import streamlit as st

from dashboard import filters, glance, links, show
from dashboard.overview import compared
from dashboard.warehouse import behind

chosen = filters.chosen()
show.heading("Indicators", "How much of each behaviour is there, has it moved, and can it be trusted?", chosen)
metrics = show.metric_table().values()
families = list(dict.fromkeys(metric["family"] for metric in metrics))
family = show.choice(st.pills, "Family", families, "family", show.or_any, required=True)
own = [metric for metric in metrics if metric["family"] == family and metric["unit"] != "class"]
with behind() as asked:
    now, before = compared(own, chosen)
rows = glance.in_words(own, now, before)
linked = {"Metric": [links.metric_html(metric) for metric in own]}
show.words_table(rows, f"indicators-{family}", f"The metrics of {show.or_any(family)}", asked, linked)
st.caption(
    "A name opens the metric's own page: definition, examples, spread, trend, and the conversations behind it."
    + ("" if before else " Choose a period in the sidebar to compare with the one before.")
)

"""About the metrics: what each one is, exactly, where it comes from, and how well it is validated."""

import streamlit as st

from dashboard import meaning, say, show

show.heading("About the metrics", "What does each number mean, where does it come from, and how far can it be trusted?")
metrics = show.catalogue()
families = list(dict.fromkeys(metric["family"] for metric in metrics.values()))
family = show.choice(st.pills, "Family", families, "family", show.or_any, required=True)
wanted = st.text_input("Find", key="find", bind="query-params", placeholder="a word of its name or definition").lower()

shown = [
    metric
    for metric in metrics.values()
    if (wanted and wanted in f"{metric['metric']} {say.name(metric['metric'])} {metric['definition']}".lower())
    or (not wanted and metric["family"] == family)
]
if not shown:
    st.info("No metric has this word. Try another one, or clear the field to see a whole family.")
for metric in shown:
    with st.container(border=True):
        st.subheader(say.plain(say.name(metric["metric"])), anchor=False)
        st.text(metric["definition"])
        facts = meaning.facts(metric) | {"Agreement with people": say.validated(metric)}
        st.caption(" · ".join(f"**{title}**: {say.plain(words)}" for title, words in facts.items() if words))
        label = "Examples, evidence, and how much of it there is"
        show.metric_link(metric["metric"], label, icon=":material/function:")

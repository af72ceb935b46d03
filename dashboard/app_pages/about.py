"""About the metrics: what each one is, exactly, where it comes from, and how well it is validated."""

import streamlit as st

from dashboard import links, say, show

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
        facts = {
            "Id": metric["metric"],
            "Unit": metric["unit"],
            "Usually better": metric["direction"],
            "Source": metric["source"],
            "Needs": metric["needs"],
            "Channels": metric["channels"],
            "Thresholds": metric["thresholds"],
            "Evidence": metric["markers"],
            "Validated": say.validated(metric),
        }
        st.caption(" · ".join(f"**{title}**: {say.plain(words)}" for title, words in facts.items() if words))
        if metric["example"]:
            with st.expander("A worked example"):
                st.code(metric["example"], language=None)
        if metric["metric"] in show.metric_table() and metric["unit"] != "class":
            st.page_link(
                links.INDICATORS,
                label="See it in the data",
                icon=":material/query_stats:",
                query_params={"metric": metric["metric"]},
            )

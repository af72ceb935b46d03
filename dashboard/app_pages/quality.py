"""Data quality: what the last runs took in, what was refused and why, which checks failed, what could be measured."""

import polars as pl
import streamlit as st

from dashboard import charts, filters, quality, say, show, vendor
from dashboard.warehouse import behind

chosen = filters.chosen()
show.heading(
    "Data quality", "What was refused, which checks failed, and what could be measured in what came in?", chosen
)

with behind() as asked_for_runs:
    runs = quality.runs()
last = runs.row(0, named=True)
columns = st.columns(4)
columns[0].metric("Records given", f"{last['given_count']:,}", border=True)
columns[1].metric("Accepted", f"{last['accepted_count']:,}", border=True)
columns[2].metric("Rejected", f"{last['rejected_count']:,}", border=True)
columns[3].metric("Conversations measured", f"{last['measured_conversation_count']:,}", border=True)
st.text(f"The last run began {say.moment(last['started_at'])}, as of {say.moment(last['as_of'])}.")

st.subheader("Rejected records", anchor=False)
with behind() as asked:
    rejected = quality.rejected()
if rejected.is_empty():
    st.success("Nothing was rejected.")
else:
    with behind() as asked_for_causes:
        causes = quality.rejected_by_cause()
    st.caption(
        f"{causes['Records'].sum():,} records. What was refused is kept as it came, in the home's rejected folder."
    )
    show.words_table(causes, "causes", "What was rejected, by file and cause", asked_for_causes)
    with st.expander("Each place"):
        show.table(rejected, "rejected", asked)

st.subheader("Checks of the last run", anchor=False)
with behind() as asked:
    checks = quality.checks(last["run_id"])
failed = checks.filter(pl.col("Held") == "no")
if failed.is_empty():
    st.success(f"All {checks.height} checks held.")
else:
    st.warning(f"{failed.height} of {checks.height} checks did not hold.")
show.table(checks, "checks", asked)

st.subheader("Coverage", anchor=False)
st.caption("In how many conversations of the selection each metric was measured, and why not in the others.")
metrics = show.metric_table()
families = list(dict.fromkeys(metric["family"] for metric in metrics.values()))
family = show.choice(st.pills, "Family", families, "family", show.or_any, required=True)
with behind() as asked:
    rows = quality.coverage([name for name, metric in metrics.items() if metric["family"] == family], chosen)
alt = f"Coverage of the metrics of {family}"
show.figure(charts.coverage(rows), f"coverage-{family}", alt, rows, asked)
for reason, words in say.WHY_NULL.items():
    st.caption(f"**{reason.replace('_', ' ')}**: {words}")

with behind() as asked:
    theirs = vendor.by_source(chosen, metrics)
if not theirs.is_empty():
    st.subheader("The sources' own figures", anchor=False)
    st.caption("Some sources measure a few things by rules of their own. They are kept beside Heard's, never merged.")
    show.table(theirs, "vendor", asked)

st.subheader("Runs", anchor=False)
show.table(quality.runs_in_words(runs), "runs", asked_for_runs)

"""One conversation: how it went in time, what was said with the evidence in it, its metrics, promises and outcome."""

import streamlit as st

from dashboard import charts, filters, links, one, points, say, show, team, turn_link, vendor
from dashboard.find import found, from_link
from dashboard.transcript import legend, transcript
from dashboard.warehouse import behind

metrics = show.metric_table()
find = from_link(st.query_params, {name for name, metric in metrics.items() if metric["unit"] != "class"})
turn = one.turn_named(st.query_params.get("turn", ""))
conversation_id = st.query_params.get("conversation_id", "")
with behind() as asked:
    row = one.conversation(conversation_id)
if not row:
    st.title("Conversation", anchor=False)
    st.info(
        "The link names no conversation of this warehouse: it may have been ingested under another id, or not yet."
        if conversation_id
        else "Choose one in the list of conversations."
    )
    st.page_link(links.LIST, label="Find a conversation", icon=":material/search:")
    st.stop()

st.title(say.plain(conversation_id), anchor=False)
st.html(f'<div class="heard-row">{show.facts(row)}</div>')
if row.get("text_removed_at"):
    st.info(
        f"What was said was removed on {row['text_removed_at']:%d %B %Y}, as the settings ask ([retention]). "
        "What was measured stays."
    )
ids = found(filters.chosen(), find).ids
place = ids.index(conversation_id) if conversation_id in ids else None
with st.container(horizontal=True, vertical_alignment="center"):
    st.page_link(links.LIST, label="Back to the list", icon=":material/arrow_back:", query_params=find.link)
    for label, other in one.neighbours(ids, place).items():
        st.button(
            label, key=label, disabled=other is None, on_click=one.go_to, args=(other,), shortcut=label[0].lower()
        )
    st.caption(one.place_in_words(ids, place))

outcome, details = st.columns([2, 3])
with outcome:
    st.subheader("Outcome", anchor=False)
    show.words_table(one.outcome(row, metrics), "outcome", "The outcome of this conversation", asked)
with details:
    st.subheader("Promises and escalation", anchor=False)
    st.html(one.promises_html(conversation_id))

with behind() as asked_for_turns:
    turns = one.turns(conversation_id)
markers = one.markers(conversation_id)
colors, meanings = one.colors(metrics, markers), one.meanings(metrics)
st.subheader("In time", anchor=False)
with behind() as asked_for_spans:
    spans = one.spans(conversation_id)
if row["channel"] == "voice" and not spans.is_empty():
    alt = "Who speaks when; both at once; silences over 3 s"
    show.figure(charts.timeline(spans), "timeline", alt, spans, asked_for_spans, clicks="")
    st.caption(
        "From the start and end of each turn; silences over 3 s. A turn's bar also covers the speaker's own pauses."
    )
elif turns["sent_at"].count():
    show.figure(charts.messages(turns), "timeline", "Who wrote when", turns, asked_for_turns, clicks="")
    st.caption("In order; a dotted line where more than an hour passed, and how much.")
else:
    st.info("This source gives no times, so there is no timeline. The transcript below is in the order of the source.")

st.subheader("Transcript", anchor=False)
counts = one.counts(markers)
families = one.marker_families(metrics, markers)
kinds = list(dict.fromkeys(families.values()))
shown = st.pills("Evidence of", kinds, selection_mode="multi", default=kinds, format_func=show.or_any) if kinds else []
if not counts:
    st.caption("No marker was found in this conversation.")
st.html(legend({name: n for name, n in counts.items() if families[name] in shown}, colors))
parts = one.part_count(turns)
part = st.pagination(parts, default=one.part_of(turns, turn), key=f"part-{conversation_id}-{turn}") if parts > 1 else 1
visible = [marker for marker in markers if families[marker["marker"]] in shown]
st.html(transcript(one.part(turns, part).to_dicts(), visible, colors, meanings, turn))
turn_link.show(conversation_id, turn)
st.caption("Each number in the transcript is a link to its turn.")

st.subheader("Metrics", anchor=False)
kinds = one.families(metrics)
family = show.choice(st.pills, "Family", kinds, "family", show.or_any, required=True)
own = [metric for metric in metrics.values() if metric["family"] == family]
with behind() as asked_for_team:
    spreads = team.spreads(row, own)
strips = [team.strip(one.number(row[m["metric"]]), spreads.get(m["metric"]), m["unit"]) for m in own]
st.caption(
    say.plain(
        f"Beside each value, the {row['channel']} conversations of {row['team'] or 'no team'}: from 5 to 95 in 100 of"
        " them, the middle half thick, a bar in the middle one, a dot for this conversation. A name opens the metric."
    )
)
show.words_table(
    one.metrics(row, own, spreads),
    f"metrics-{family}",
    f"Metrics of {family}",
    [*asked, *asked_for_team],
    {"Metric": [links.metric_html(m) for m in own], "Among the team's": strips},
)

theirs = vendor.of_one(row, metrics)
if not theirs.is_empty():
    st.subheader("The source's own figures", anchor=False)
    st.caption(say.plain(f"{row['source']} measures some of this by rules of its own. They are kept beside Heard's."))
    show.words_table(theirs, "vendor", "The source's own figures beside Heard's", asked)

with behind() as asked_for_points:
    scorecard = points.of_one(conversation_id)
if not scorecard.is_empty():
    st.subheader("Scorecard", anchor=False)
    st.caption(points.total_of_one(row))
    show.words_table(scorecard, "scorecard", "The scorecard of this conversation", asked_for_points)

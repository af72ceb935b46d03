"""Moments of distress: those that an agent missed, and the words with which colleagues answered such moments."""

from collections.abc import Sequence

import polars as pl

from dashboard import quotes, say
from dashboard.estimates import Row, wilson
from dashboard.filters import Chosen
from dashboard.find import numbered, one_of
from dashboard.warehouse import query

PAGE = 4
LATEST = 500  # moments in which phrases are looked for
PHRASES = 3  # of each kind
MADE = "validation, sympathy or apology"
KINDS = {
    "frustration": "Frustration",
    "outburst": "An outburst",
    "unheard": "Feeling unheard",
    "undervalued": "Feeling undervalued",
    "distress": "Distress",
}

_LATEST_FIRST = "w.started_at DESC NULLS LAST, m.conversation_id, m.turn_index"
_TURN = ("conversation_id", "turn_index")
_EVIDENCE = {"conversation_id": pl.String, "turn_index": pl.Int64, "marker": pl.String, "words": pl.String}


def own(chosen: Chosen, who: str) -> pl.DataFrame:
    """An agent's moments of each kind: kind, n, and how many were missed; those missed most first."""
    sql = (
        "SELECT kind, count(*) AS n, count(*) FILTER (answer IS NULL) AS missed"
        f" FROM {_of(chosen)} WHERE m.agent_id = $who GROUP BY kind ORDER BY missed DESC, kind"
    )
    return query(sql, who=who, **chosen.parameters)


def missed(chosen: Chosen, who: str, page: int) -> list[Row]:
    """One page of the moments that an agent missed, the latest first: the customer's words and what was answered."""
    sql = f"""
    SELECT m.*, w.channel, w.started_at FROM {_of(chosen)} WHERE m.agent_id = $who AND m.answer IS NULL
    ORDER BY {_LATEST_FIRST} LIMIT {PAGE} OFFSET {PAGE * (page - 1)}"""
    rows = query(sql, who=who, **chosen.parameters).to_dicts()
    said = quotes.texts(rows)
    shown = {(row["conversation_id"], row["turn_index"]): row["words"] for row in _evidence(rows, ["distress"])}
    for row in rows:
        name, turn = row["conversation_id"], row["turn_index"]
        row |= {"said": said[name, turn], "words": shown.get((name, turn))}
        row["answered"] = said.get((name, row["answer_turn_index"]))
    return rows


def phrases(chosen: Chosen, who: str, kinds: Sequence[str]) -> dict[str, list[Row]]:
    """What colleagues said in the latest moments of each kind, after which the customer was calmer, by kind.

    In the agent's languages; each with one conversation and turn in which it was said, how often it was, and after how
    many of these the customer was calmer; what most often went well comes first. Colleagues are of any team.
    """
    sql = f"""
    SELECT m.kind, m.conversation_id, m.answer_turn_index AS turn_index, m.answer, m.is_calmer FROM {_of(chosen)}
    WHERE m.agent_id <> $who AND m.kind = any($kinds) AND m.answer IN ('validation', 'sympathy')
          AND m.is_calmer IS NOT NULL AND w.language IN (SELECT language FROM conversation WHERE agent_id = $who)
    QUALIFY row_number() OVER (PARTITION BY m.kind ORDER BY {_LATEST_FIRST}) <= {LATEST} ORDER BY {_LATEST_FIRST}"""
    rows = query(sql, who=who, kinds=list(kinds), **chosen.parameters)
    found = pl.DataFrame(_evidence(rows.to_dicts(), ["validation", "sympathy"]), schema=_EVIDENCE)
    said = rows.join(found, left_on=[*_TURN, "answer"], right_on=[*_TURN, "marker"], how="inner", maintain_order="left")
    told = {kind: _best(said.filter(kind=kind)) for kind in kinds}
    texts = quotes.texts([row for best in told.values() for row in best])
    return {
        kind: [{**row, "text": texts[row["conversation_id"], row["turn_index"]]} for row in best]
        for kind, best in told.items()
    }


def _best(said: pl.DataFrame) -> list[Row]:
    """The phrases after which the customer was most often calmer."""
    is_calmer = pl.col("is_calmer")
    counted = said.group_by(pl.col("words").str.to_lowercase().alias("phrase"), maintain_order=True).agg(
        pl.col("words", "answer", "conversation_id", "turn_index").filter(is_calmer).first(),
        n=pl.len(),
        calmer_count=is_calmer.sum(),
    )
    best = counted.filter(pl.col("calmer_count") > 0).sort("calmer_count", descending=True, maintain_order=True)
    return best.head(PHRASES).to_dicts()


def _of(chosen: Chosen) -> str:
    """The moments `m` of a selection, with their conversations `w`."""
    known = f"(SELECT conversation_id, channel, language, started_at FROM conversation_wide WHERE {chosen.where})"
    return f"empathy_moment m JOIN {known} w USING (conversation_id)"


def _evidence(rows: Sequence[Row], markers: Sequence[str]) -> list[Row]:
    """The first words of each of the markers in each turn of these conversations."""
    ids = quotes.ids(rows)
    sql = f"""
    SELECT conversation_id, turn_index, marker, arg_min(words, start_char) AS words FROM marker
    WHERE {one_of(ids)} AND marker = any($markers) AND words IS NOT NULL GROUP BY ALL"""
    return query(sql, markers=list(markers), **numbered(ids)).to_dicts()


def calmer(chosen: Chosen) -> dict[str, Row]:
    """How often the customer was calmer after an answered and after a missed moment: value, low, high and n of each."""
    sql = (
        "SELECT CASE WHEN answer IS NULL THEN 'missed' ELSE 'answered' END AS how,"
        f" count(*) FILTER (is_calmer) AS yes, count(is_calmer) AS n FROM {_of(chosen)} GROUP BY how"
    )
    rows = query(sql, **chosen.parameters).rows()
    return {how: dict(zip(("value", "low", "high"), wilson(yes, n), strict=True), n=n) for how, yes, n in rows}


def as_html(row: Row) -> str:
    """A missed moment: the customer's words, with what shows the distress marked, and what the agent answered."""
    answered = (
        f'<p class="said" dir="auto"><b>agent</b> {say.html(quotes.short(row["answered"]))}</p>'
        if row["answered"] is not None
        else '<p class="said">Nobody answered.</p>'
    )
    after = {True: "calmer afterwards", False: "still upset afterwards", None: "said no more"}[row["is_calmer"]]
    facts = f"{KINDS.get(row['kind'], row['kind'])} · {row['channel']} · {say.moment(row['started_at'])} · {after}"
    said = quotes.marked(row["said"], row["words"]) or "(what was said is removed)"
    return (
        f'<div class="heard-row"><p class="said" dir="auto"><b>customer</b> {said}</p>'
        f'{answered}<div class="facts">{say.html(facts)}</div></div>'
    )


def calmer_in_words(found: dict[str, Row]) -> str:
    """How customers went on after answered and after missed moments; said as it is, nothing adjusted for."""
    told = [
        f"after {how} moments customers were calmer in {say.value(row['value'], 'share 0..1')}"
        f" (95 % {say.interval(row['low'], row['high'], 'share 0..1')}, n {row['n']:,})"
        for how, row in sorted(found.items())
        if row["n"]
    ]
    words = "; ".join(told) or "how customers went on is not known"
    return f"Over everybody's conversations of these days {words}. Nothing is adjusted for; phrases are of colleagues."


def phrase_as_html(row: Row) -> str:
    """A phrase, how often it was said in such moments, and how often the customer was calmer then."""
    said = f"said {row['n']:,} times" if row["n"] > 1 else "said once"
    facts = f"{row['answer']} · {said} in such moments, the customer calmer after {row['calmer_count']:,}"
    sentence = quotes.marked(quotes.sentence(row["text"], row["words"]), row["words"])
    return (
        f'<div class="heard-row"><p class="said" dir="auto">“{sentence}”</p>'
        f'<div class="facts">{say.html(facts)}</div></div>'
    )

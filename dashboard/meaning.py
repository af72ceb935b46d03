"""What a metric is and how far it can be trusted: its facts, its evidence, people's labels, other thresholds."""

from collections.abc import Sequence

import polars as pl

from dashboard import say
from dashboard.estimates import Row
from dashboard.warehouse import query

AGGREGATES = {
    "mean": "mean over conversations",
    "median": "median over conversations",
    "ratio": "sum over sum of the conversations",
    "agent": "a figure of an agent, not of a conversation",
}
NEEDS = {
    "agent": "a turn of an agent",
    "customer": "a turn of a customer",
    "ends": "start and end of what agent and customer say",
    "spoken_ends": "in calls, start and end of what agent and customer say",
    "overlap": "a source that shows when both speak at once",
    "times": "times of the turns",
    "sent_at": "the moment of each message",
    "customer_id": "a customer who is known again",
    "text": "words in a language that has rules",
    "status": "a status from the source",
    "sentence_ends": "signs of where a sentence ends",
}
FEW_POSITIVES = 50  # under which a figure of agreement says little
NOBODY = "nobody has labelled this"

_EVIDENCE = r"""
line AS (SELECT unnest(string_split(evidence, chr(10))) AS line FROM metric WHERE metric = $metric),
shown AS (
    SELECT unnest(regexp_extract(line, '^(\w+), (\w+): “(.*)” shows “(.*)”$', ['marker', 'language', 'text', 'words']))
    FROM line)"""


def facts(metric: Row) -> dict[str, str]:
    """What is known of a metric beside its definition, title by title; what does not apply is left out."""
    made_of = ""
    if metric["numerator"]:
        times = f"{say.number(metric['scale'])} × " if metric["scale"] != 1 else ""
        made_of = f"{times}{metric['numerator']} ÷ {metric['denominator']}"
    told = {
        "Id": metric["metric"],
        "Unit": metric["unit"],
        "Usually better": metric["direction"] or "neither more nor less",
        "Summed up as": AGGREGATES[metric["aggregate"]] if metric["unit"] != "class" else "",
        "Made of": made_of,
        "Needs": "; ".join(NEEDS.get(need, need) for need in _listed(metric["needs"])),
        "Channels": metric["channels"] or "all",
        "Thresholds in force": metric["thresholds"],
        "Not tested against": ", ".join(say.name(outcome) for outcome in _listed(metric["tied_to"])),
        "Source": metric["source"],
    }
    return {title: words for title, words in told.items() if words}


def evidence(metric: str) -> list[Row]:
    """How each of its markers looks in each language: marker, language, text, and the words of it that show it."""
    return query(f"WITH {_EVIDENCE} FROM shown", metric=metric).to_dicts()


def evidence_as_html(row: Row) -> str:
    """An example with the words that show the marker marked."""
    before, words, after = row["text"].partition(row["words"])
    said = f"{say.html(before)}<mark>{say.html(words)}</mark>{say.html(after)}"
    return (
        f'<div class="heard-row"><p class="said" lang="{say.html(row["language"])}"><b>{say.html(row["language"])}</b>'
        f" “{said}”</p></div>"
    )


def validity(metric: str) -> pl.DataFrame:
    """Each of its markers against people's labels, in words: a row a language and corpus, or that there is none."""
    sql = f"""
    WITH {_EVIDENCE},
    own AS (
        SELECT marker, place FROM (SELECT string_split(markers, ', ') AS m FROM metric WHERE metric = $metric),
        LATERAL (SELECT unnest(m) AS marker, generate_subscripts(m, 1) AS place)),
    spoken AS (SELECT marker, language FROM shown UNION SELECT marker, language FROM validity)
    SELECT own.marker, spoken.language, v.* EXCLUDE (marker, language)
    FROM own LEFT JOIN spoken USING (marker)
    LEFT JOIN validity v ON v.marker = own.marker AND v.language = spoken.language
    ORDER BY own.place, spoken.language, v.corpus"""
    return pl.DataFrame([_agreement(row) for row in query(sql, metric=metric).to_dicts()], infer_schema_length=None)


def _agreement(row: Row) -> Row:
    between = f" ({_two_digits(row['f1_low'])} to {_two_digits(row['f1_high'])})" if row["f1_low"] is not None else ""
    is_few = row["positive_count"] is not None and row["positive_count"] < FEW_POSITIVES
    return {
        "Marker": row["marker"].replace("_", " "),
        "Language": row["language"] or "any",
        "Labels": row["corpus"] or NOBODY,
        "n turns": say.number(row["judged_count"]),
        "Of these with it": say.number(row["positive_count"]) + (" (too few to tell)" if is_few else ""),
        "Precision": _two_digits(row["precision"]),
        "Recall": _two_digits(row["recall"]),
        "F1 (95 %)": _two_digits(row["f1"]) + between,
    }


def _two_digits(share: float | None) -> str:
    return say.NONE if share is None else f"{share:.2f}"


def sensitivity(metric: str) -> pl.DataFrame:
    """A timing metric at other thresholds: seconds, threshold, in_force, n, value, low, high; nothing for others."""
    return query("FROM sensitivity WHERE metric = $metric ORDER BY seconds", metric=metric)


def sensitivity_in_words(rows: pl.DataFrame, unit: str) -> pl.DataFrame:
    """The same for people."""
    return pl.DataFrame(
        [
            {
                "Threshold": f"{row['seconds']:g} s" + (", in force" if row["seconds"] == row["in_force"] else ""),
                "Value": say.value(row["value"], unit),
                "95 %": say.interval(row["low"], row["high"], unit),
                "n calls": say.number(row["n"]),
            }
            for row in rows.to_dicts()
        ]
    )


def _listed(names: str | None) -> Sequence[str]:
    return names.split(", ") if names else ()

"""Indicators and outcomes together: what the association table says, and raw bins beside it."""

import polars as pl

from dashboard import say
from dashboard.estimates import Row
from dashboard.find import BEFORE
from dashboard.links import WHATEVER
from dashboard.warehouse import query

CLEAR_Q = 0.05
AXES = {
    "log-odds": ("Odds ratio per<br>standard deviation (1: none)", True),
    "log seconds": ("Ratio of times per<br>standard deviation (1: none)", True),
}


def outcomes() -> list[str]:
    """The outcomes that were related to anything."""
    return query("SELECT DISTINCT outcome FROM association ORDER BY outcome")["outcome"].to_list()


def effects(outcome: str, is_weighted: bool = False) -> pl.DataFrame:
    """The association of each indicator with an outcome; `is_clear` where it holds after correction.

    Weighted, each answer to the survey counts by how unlikely it was to be given.
    """
    sql = f"""
    SELECT *, NOT is_too_small AND q <= {CLEAR_Q} AND effect IS NOT NULL AS is_clear
    FROM {"association_weighted" if is_weighted else "association"} WHERE outcome = $outcome ORDER BY indicator"""
    return query(sql, outcome=outcome).with_columns(pl.col("is_clear").fill_null(value=False))


def is_surveyed(outcome: str) -> bool:
    """Whether an outcome is an answer to a survey, which not everybody gives."""
    return not query("SELECT 1 FROM association_weighted WHERE outcome = $outcome LIMIT 1", outcome=outcome).is_empty()


def too_small(rows: pl.DataFrame) -> str:
    """The indicators that are too small to tell, by name."""
    return ", ".join(say.name(name) for name in rows.filter("is_too_small")["indicator"])


def axis(rows: pl.DataFrame) -> tuple[str, bool]:
    """What the effects are on, and whether they are ratios: of odds, or of times."""
    unit = next(iter(rows["effect_unit"].drop_nulls().to_list()), "effect")
    return AXES.get(unit, (f"{unit} per<br>standard deviation (0: none)", False))


def counts(rows: pl.DataFrame) -> tuple[int, int]:
    """How many indicators hold, and how many are too small to tell."""
    return int(rows["is_clear"].sum()), int(rows["is_too_small"].sum())


def n_range(rows: pl.DataFrame) -> str:
    """On how many conversations the rows stand, from least to most."""
    least, most = rows.select(pl.col("n").min().alias("least"), pl.col("n").max().alias("most")).row(0)
    return f"{least:,} to {most:,}"


def drawn(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows that have an estimate, per standard deviation (logarithms as ratios); what holds comes first."""
    ratios = axis(rows)[1]
    ends = [
        pl.col(source) * pl.col("standard_unit").fill_null(1.0) for source in ("effect", "effect_low", "effect_high")
    ]
    shown = [
        (end.exp() if ratios else end).alias(name) for end, name in zip(ends, ("effect", "low", "high"), strict=True)
    ]
    hover = pl.struct(pl.all()).map_elements(figures, return_dtype=pl.String).alias("hover")
    return rows.drop_nulls("effect").with_columns(*shown, hover).sort("is_clear", "effect", descending=True)


def one(rows: pl.DataFrame, indicator: str) -> Row:
    """The row of an indicator."""
    return rows.row(by_predicate=pl.col("indicator") == indicator, named=True)


def adjusted_for(row: Row) -> str:
    """What an association was adjusted for, in words."""
    return (row["adjusted_for"] or "nothing").replace("_", " ").replace(",", ", ")


def figures(row: Row) -> str:
    """An association's figures in words."""
    if row["effect"] is None:
        return f"n {row['n']:,}: too small to tell."
    ends = [f"{row[name]:+.3g}" for name in ("effect", "effect_low", "effect_high")]
    agents = f", {row['agent_count']} agents" if row["agent_count"] else ""
    return (
        f"Adjusted {ends[0]} (95 % {ends[1]} to {ends[2]}) {row['effect_unit']} per unit; "
        f"q {_small(row['q'])}; n {row['n']:,}{agents}."
    )


def _small(probability: float | None) -> str:
    if probability is None:
        return say.NONE
    return "< 0.001" if probability < 0.001 else f"{probability:.3f}"


def in_words(rows: pl.DataFrame) -> pl.DataFrame:
    """The whole table for people: raw and adjusted with intervals, p and q."""
    return rows.select(
        pl.col("indicator").map_elements(say.name, return_dtype=pl.String).alias("Indicator"),
        pl.col("n"),
        _with_interval("raw_effect", "raw_low", "raw_high").alias("Raw (95 %)"),
        _with_interval("effect", "effect_low", "effect_high").alias("Adjusted (95 %)"),
        pl.col("effect_unit").alias("Unit, per unit of the indicator"),
        pl.col("p").map_elements(_small, return_dtype=pl.String),
        pl.col("q").map_elements(_small, return_dtype=pl.String),
        pl.col("e_value").round(1).alias("E-value"),
        pl.when("is_too_small")
        .then(pl.lit("too small to tell"))
        .when("is_clear")
        .then(pl.lit("holds"))
        .alias("Verdict"),
    )


def dose(indicator: str, outcome: str) -> pl.DataFrame:
    """The outcome in each band of the indicator: least, most, n, value, low, high."""
    sql = """
    SELECT low AS least, high AS most, n, mean AS value, mean_low AS low, mean_high AS high FROM dose_response
    WHERE indicator = $indicator AND outcome = $outcome ORDER BY bin"""
    return query(sql, indicator=indicator, outcome=outcome)


def opens(bins: pl.DataFrame, indicator: str, outcome: str) -> list[Row]:
    """Where the very conversations of each band are: by behaviour before the outcome, the outcome known."""
    those = {"by": indicator, "counted": BEFORE, "known": outcome, **WHATEVER}
    return [{**those, "low": least, "high": most} for least, most in bins.select("least", "most").rows()]


def _with_interval(value: str, low: str, high: str) -> pl.Expr:
    shown = [pl.col(column).round_sig_figs(3).cast(pl.String) for column in (value, low, high)]
    return pl.when(pl.col(value).is_not_null()).then(pl.format("{} ({} to {})", *shown)).otherwise(pl.lit(say.NONE))

"""How strong something unseen would have to be to explain an association away: the E-value, in plain words.

VanderWeele and Ding (2017): with risk ratio r, E = r + sqrt(r (r - 1)). Effects are taken for one standard deviation of
the indicator; log-odds of yes/no become a risk ratio by the outcome's own frequency (Zhang and Yu 1998), other effects
by r = exp(0.91 d), d in standard deviations of the outcome.
"""

import math

import polars as pl

from metrics.results import RESULTS, Result

SCHEMA = {
    "indicator": pl.String(),
    "outcome": pl.String(),
    "e_value": pl.Float64(),
    "e_value_limit": pl.Float64(),
    "e_sentence": pl.String(),
}
LOGISTIC_SPREAD = math.pi / math.sqrt(3)


def e_values(association: pl.DataFrame, wide: pl.DataFrame) -> pl.DataFrame:
    """For each estimated pair of `association`: the E-value of its effect and of the nearer end of its interval."""
    results = {result.name: result for result in RESULTS}
    told = [
        _row(row, results[row["outcome"]], wide[row["outcome"]])
        for row in association.filter(pl.col("effect").is_not_null()).iter_rows(named=True)
    ]
    return pl.DataFrame(told, schema=SCHEMA)


def e_value(risk_ratio: float) -> float:
    """The E-value of a risk ratio on either side of 1."""
    above = max(risk_ratio, 1 / risk_ratio)
    return above + math.sqrt(above * (above - 1))


def _row(row: dict[str, float], result: Result, outcome: pl.Series) -> dict[str, object]:
    effect, low, high = (row[name] * row["standard_unit"] for name in ("effect", "effect_low", "effect_high"))
    nearer = 0.0 if low <= 0 <= high else min(low, high, key=abs)
    found, limit = (e_value(_risk_ratio(result, move, outcome)) for move in (effect, nearer))
    return {
        "indicator": row["indicator"],
        "outcome": row["outcome"],
        "e_value": found,
        "e_value_limit": limit,
        "e_sentence": _sentence(found, limit),
    }


def _risk_ratio(result: Result, move: float, outcome: pl.Series) -> float:
    move = max(min(move, 20.0), -20.0)
    if result.kind == "yes/no":
        share: float = pl.select(pl.lit(outcome).cast(pl.Float64).mean()).item()
        return math.exp(move) / (1 - share + share * math.exp(move))
    values = pl.Series(result.values(outcome)).fill_nan(None)
    spread = LOGISTIC_SPREAD if result.kind == "rating" else pl.select(pl.lit(values).std()).item() or 1.0
    return math.exp(0.91 * move / spread)


def _sentence(found: float, limit: float) -> str:
    if limit <= 1:
        return "The interval includes no association at all: nothing is left to explain away."
    return (
        f"To explain this away, something not adjusted for would have to go with both by a factor of {found:.1f} each; "
        f"{limit:.1f} would do to reach the end of the interval. The weaker these, the more easily it could be."
    )

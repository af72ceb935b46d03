"""How a conversation's metrics stand among those of its team, in the same channel."""

from collections.abc import Sequence
from typing import NamedTuple

from dashboard import say
from dashboard.estimates import Row
from dashboard.warehouse import query

SHARES = (0.05, 0.25, 0.5, 0.75, 0.95)


class Spread(NamedTuple):
    """The team's values of a metric: how many, and those below which 5, 25, 50, 75 and 95 % lie."""

    n: int
    quantiles: tuple[float, ...]


def spreads(row: Row, metrics: Sequence[Row]) -> dict[str, Spread]:
    """The spread of each metric that can be counted over the conversations of this one's team and channel."""
    numeric = [metric["metric"] for metric in metrics if metric["unit"] != "class"]
    columns = ", ".join(
        f'count("{name}") AS "n_{name}", quantile_cont("{name}"::DOUBLE, {list(SHARES)}) AS "{name}"'
        for name in numeric
    )
    sql = f"SELECT {columns} FROM conversation_wide WHERE channel = $channel AND team IS NOT DISTINCT FROM $team"
    found = query(sql, channel=row["channel"], team=row["team"]).row(0, named=True)
    return {name: Spread(found[f"n_{name}"], tuple(found[name])) for name in numeric if found[name]}


def in_words(spread: Spread | None, unit: str) -> str:
    """The spread for people: the middle one, the middle half, n."""
    if spread is None:
        return ""
    _, low, middle, high, _ = spread.quantiles
    if unit == "yes/no":
        return f"n {spread.n:,}"
    half = f"half of them {say.value(low, unit)} to {say.value(high, unit)}"
    return f"{say.value(middle, unit)}; {half}; n {spread.n:,}"


def strip(value: float | None, spread: Spread | None, unit: str) -> str:
    """The spread as a strip of HTML, the middle half thick, with a dot where this conversation stands."""
    if value is None or spread is None or unit == "yes/no":
        return ""
    least, most = min(spread.quantiles[0], value), max(spread.quantiles[-1], value)
    if least == most:
        return ""

    def at(amount: float) -> str:
        return f"{100 * (amount - least) / (most - least):.1f}%"

    _, low, middle, high, _ = spread.quantiles
    words = say.html(f"{say.value(value, unit)} here; the team: {in_words(spread, unit)}")
    return (
        f'<div class="heard-strip" role="img" aria-label="{words}" title="{words}">'
        f'<i class="half" style="left:{at(low)};right:calc(100% - {at(high)})"></i>'
        f'<i class="middle" style="left:{at(middle)}"></i><i class="here" style="left:{at(value)}"></i></div>'
    )

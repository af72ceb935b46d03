"""What conversations say together: behaviour and outcome, agents and teams side by side, and what moves an outcome."""

import polars as pl
from threadpoolctl import threadpool_limits

from metrics.association import associate, judged_together, tested_indicators
from metrics.catalogue import CATALOGUE
from metrics.change import clear_behaviours, outcome_slopes
from metrics.consistency import consistency
from metrics.dose import dose_response
from metrics.e_values import e_values
from metrics.pooling import peers
from metrics.response import WEIGHT, response_weights
from metrics.results import RESULTS, SURVEYED
from metrics.survival import curves_by_facet

Frames = dict[str, pl.DataFrame]


def relations(wide: pl.DataFrame, before: pl.DataFrame, escalation: pl.DataFrame) -> Frames:
    """The tables that stand on all conversations at once, by name.

    `wide` and `before` hold each conversation's metrics, the latter counted up to the outcome alone.
    """
    # Many small products: the threads of the linear algebra would mostly wait for one another.
    with threadpool_limits(1, user_api="blas"):
        return _relations(wide, before, escalation)


def _relations(wide: pl.DataFrame, before: pl.DataFrame, escalation: pl.DataFrame) -> Frames:
    association = associate(wide, before)
    placed = escalation.join(wide.select("conversation_id", "team", "channel"), on="conversation_id", how="left")
    return {
        "agent_metric": consistency(wide, [metric.name for metric in tested_indicators(wide)]),
        "association": with_e_values(association, wide),
        "association_weighted": with_e_values(answers_weighted(wide, before, association), wide),
        "dose_response": dose_response(wide, before),
        "peer": peers(wide, _numeric(wide), [name for name in _numeric(wide) if _is_time(name)]),
        "escalation_curve": curves_by_facet(placed),
        "outcome_slope": outcome_slopes(wide, before, clear_behaviours(association, before)),
    }


def with_e_values(association: pl.DataFrame, wide: pl.DataFrame) -> pl.DataFrame:
    """The associations, each with how strong something unseen would have to be to explain it away."""
    return association.join(e_values(association, wide), on=["indicator", "outcome"], how="left", maintain_order="left")


def answers_weighted(wide: pl.DataFrame, before: pl.DataFrame, association: pl.DataFrame) -> pl.DataFrame:
    """The associations of the surveyed outcomes, each answer weighted by how unlikely it was to be given.

    Their q is that which they would have in the place of the unweighted ones in `association`.
    """
    weighted = wide.join(response_weights(wide), on="conversation_id", how="left", maintain_order="left")
    others = [result.name for result in RESULTS if result.name not in SURVEYED]
    found = associate(weighted.drop(others, strict=False), before, weights=WEIGHT)
    return judged_together(found, association.filter(~pl.col("outcome").is_in(SURVEYED)))


def _numeric(wide: pl.DataFrame) -> list[str]:
    return [name for name in CATALOGUE.metrics if name in wide.columns and wide.schema[name] != pl.String]


def _is_time(name: str) -> bool:
    return CATALOGUE.metrics[name].aggregate == "median"

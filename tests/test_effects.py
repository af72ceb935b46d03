"""Effects agree with the libraries that everyone knows, and their intervals with the jackknife they stand for."""

import warnings

import numpy as np
import pytest

from metrics.effects import Sample, Start, fit
from metrics.likelihoods import Array, Likelihood, linear, logistic, ordinal

AGENTS, ROWS = 12, 600


@pytest.fixture(scope="module")
def made() -> dict[str, Array]:
    rng = np.random.default_rng(1)
    agent = np.sort(rng.integers(0, AGENTS, ROWS))
    mix = rng.normal(size=(ROWS, 4))
    columns = np.column_stack([rng.normal(size=ROWS) + 0.3 * mix[:, 0], mix])
    drive = columns @ np.array([0.3, 0.5, -0.2, 0, 0.3]) + rng.normal(size=AGENTS)[agent] * 0.5
    latent = drive + rng.logistic(size=ROWS)
    return {"agent": agent, "columns": columns, "latent": latent}


def found(made: dict[str, Array], outcome: Array, likelihood: Likelihood, cuts: list[float]) -> tuple[Array, float]:
    starts = np.searchsorted(made["agent"], np.arange(AGENTS))
    sample = Sample(outcome, np.column_stack([np.ones(ROWS), made["columns"]]), starts)
    fitted = fit(sample, likelihood, Start(np.zeros(AGENTS), np.zeros(5), np.array(cuts)), within=True)
    assert fitted.has_converged
    return fitted.state.effects, fitted.error


def dummies(made: dict[str, Array]) -> Array:
    return (made["agent"][:, None] == np.arange(AGENTS)[None, :]).astype(float)


def test_yes_or_no_agrees_with_statsmodels(made):
    import statsmodels.api as sm

    outcome = (made["latent"] > 0).astype(float)
    effects, error = found(made, outcome, logistic, [])
    theirs = sm.Logit(outcome, np.column_stack([made["columns"], dummies(made)])).fit(
        disp=0, cov_type="cluster", cov_kwds={"groups": made["agent"]}
    )
    assert effects == pytest.approx(theirs.params[:5], abs=2e-4)  # the weak prior on case mix moves no more
    assert error == pytest.approx(theirs.bse[0], rel=0.15)  # theirs leaves no agent out


def test_ratings_agree_with_statsmodels(made):
    from statsmodels.miscmodels.ordinal_model import OrderedModel

    outcome = np.digitize(made["latent"], [-1.5, -0.5, 0.5, 1.5]).astype(float)
    effects, _ = found(made, outcome, ordinal, [1.0, 2.0, 3.0])
    columns = np.column_stack([made["columns"], dummies(made)[:, 1:]])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its Hessian warns of nothing that matters here
        theirs = OrderedModel(outcome, columns, distr="logit").fit(method="bfgs", disp=0, maxiter=1000)
    assert effects == pytest.approx(theirs.params[:5], abs=1e-3)


def test_two_levels_of_rating_are_yes_or_no(made):
    outcome = (made["latent"] > 0).astype(float)
    assert found(made, outcome, ordinal, [])[0] == pytest.approx(found(made, outcome, logistic, [])[0], abs=1e-6)


def test_a_number_agrees_with_pyfixest(made):
    import pandas as pd

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pyfixest as pf

        frame = pd.DataFrame(made["columns"], columns=list("xbcde")).assign(y=made["latent"], agent=made["agent"])
        unscaled = pf.ssc(k_adj=False, G_adj=False)
        theirs = pf.feols("y ~ x + b + c + d + e | agent", frame, vcov={"CRV3": "agent"}, ssc=unscaled).tidy()
    effects, error = found(made, made["latent"], linear, [])
    assert effects == pytest.approx(theirs["Estimate"].to_numpy(), abs=1e-4)
    # pyfixest leaves out the factor (G - 1) / G of the jackknife
    assert error == pytest.approx(theirs["Std. Error"].iloc[0] * np.sqrt((AGENTS - 1) / AGENTS), rel=1e-4)


def test_the_error_of_a_number_is_the_jackknife_over_agents(made):
    """Leave out each agent in turn, estimate again by least squares, and look how far the effect moves."""
    columns, agent, latent = np.column_stack([made["columns"], dummies(made)]), made["agent"], made["latent"]

    def slope(rows: Array) -> float:
        return float(np.linalg.lstsq(columns[rows], latent[rows], rcond=None)[0][0])

    whole = slope(agent >= 0)
    moved = np.array([slope(agent != left_out) - whole for left_out in range(AGENTS)])
    by_hand = np.sqrt((AGENTS - 1) / AGENTS * np.sum(moved**2))
    assert found(made, latent, linear, [])[1] == pytest.approx(by_hand, rel=1e-4)


def test_weights_count_rows_more_than_once(made):
    outcome = (made["latent"] > 0).astype(float)
    starts = np.searchsorted(made["agent"], np.arange(AGENTS))
    columns = np.column_stack([np.ones(ROWS), made["columns"]])
    start = Start(np.zeros(AGENTS), np.zeros(5), np.empty(0))
    weighted = fit(Sample(outcome, columns, starts, np.full(ROWS, 2.0)), logistic, start, within=True)
    repeated = fit(
        Sample(np.repeat(outcome, 2), np.repeat(columns, 2, axis=0), starts * 2), logistic, start, within=True
    )
    assert weighted.state.effects == pytest.approx(repeated.state.effects, abs=1e-8)
    assert weighted.error == pytest.approx(repeated.error, rel=1e-8)

"""What the warehouse tells of its metrics: what each is, how far it holds, what it counts for."""

from transforms.schema.table import INT, REAL, TEXT, Table, column, needed

METRIC = Table(
    "a metric: what it is, what it needs, how well it is validated",
    ("metric",),
    {
        "metric": needed(TEXT, "The metric's id: its column in conversation_wide"),
        "kind": needed(TEXT, "indicator (behaviour) or outcome (result)"),
        "family": needed(TEXT, "The family it belongs to"),
        "definition": needed(TEXT, "What it is, exactly"),
        "unit": needed(TEXT, "Its unit"),
        "direction": column(TEXT, "higher or lower is usually better; null where neither"),
        "source": needed(TEXT, "Where the definition comes from"),
        "needs": column(TEXT, "What a source must have for it, comma-separated"),
        "channels": column(TEXT, "Channels to which it applies, comma-separated"),
        "aggregate": needed(TEXT, "How conversations sum up: mean, median, or ratio (sum over sum)"),
        "numerator": column(TEXT, "The column of conversation_wide that holds its numerator, for a ratio"),
        "denominator": column(TEXT, "The column of conversation_wide that holds its denominator, for a ratio"),
        "scale": column(REAL, "What numerator / denominator is multiplied by, for a ratio"),
        "markers": column(TEXT, "The markers that are its evidence, comma-separated"),
        "thresholds": column(TEXT, "The thresholds in force, as name=value, comma-separated"),
        "tied_to": column(TEXT, "Outcomes it is mechanically tied to, comma-separated; such pairs are not tested"),
        "example": column(TEXT, "A worked example: a short conversation and the value it gives"),
        "null_example": column(TEXT, "A conversation that gives no value, and why"),
        "evidence": column(TEXT, "For each of its markers, a line a language: a turn, and the words that show it"),
        "precision": column(REAL, "Measured precision of its detector against people's labels"),
        "recall": column(REAL, "Measured recall"),
        "f1": column(REAL, "Measured F1"),
        "f1_low": column(REAL, "Lower end of its 95 % interval"),
        "f1_high": column(REAL, "Upper end of its 95 % interval"),
        "kappa": column(REAL, "Cohen's kappa against the labels"),
        "judged_count": column(INT, "Turns judged by people"),
        "validated_on": column(TEXT, "The labels it was measured on"),
    },
)

VALIDITY = Table(
    "a marker on a corpus that people labelled, in one language: how well its detector agrees with them",
    ("marker", "corpus", "language"),
    {
        "marker": needed(TEXT, "The marker"),
        "corpus": needed(TEXT, "The labelled turns"),
        "language": needed(TEXT, "Their language"),
        "judged_count": needed(INT, "Turns judged by people"),
        "positive_count": needed(INT, "Of these, turns in which they saw the marker"),
        "precision": column(REAL, "Of the turns in which the detector found it, the share in which people saw it"),
        "recall": column(REAL, "Of the turns in which people saw it, the share in which the detector found it"),
        "f1": column(REAL, "F1: the harmonic mean of the two"),
        "f1_low": column(REAL, "Lower end of its 95 % interval, by bootstrap over conversations"),
        "f1_high": column(REAL, "Upper end"),
        "kappa": column(REAL, "Cohen's kappa against the labels"),
    },
)

SENSITIVITY = Table(
    "a timing metric of calls at another threshold, over the calls of the home, at most 2,000 of them picked by chance",
    ("metric", "seconds"),
    {
        "metric": needed(TEXT, "The metric"),
        "seconds": needed(REAL, "The threshold that is tried"),
        "threshold": needed(TEXT, "Its name in [thresholds] of heard.toml"),
        "in_force": needed(REAL, "The number of seconds at which every other table has it"),
        "n": needed(INT, "Calls with a value"),
        "value": column(REAL, "The metric over them: the mean, or the ratio of sums"),
        "low": column(REAL, "Lower end of its 95 % interval"),
        "high": column(REAL, "Upper end"),
    },
)

SCORECARD_ITEM = Table(
    "an item of the team's scorecard, as [scorecard] of heard.toml has it; the points of each conversation stand in "
    "conversation_score",
    ("metric",),
    {
        "place": needed(INT, "Its place on the scorecard, from 1"),
        "section": needed(TEXT, "The section it stands in"),
        "metric": needed(TEXT, "The metric that earns its points"),
        "weight": needed(REAL, "The most points it can earn; all weights add up to 100"),
        "rule": needed(TEXT, "Which values earn all points, and which none"),
    },
)

"""How behaviour and results go together, and how long things take."""

from transforms.schema.table import INT, REAL, TEXT, YES, Table, column, needed

ASSOCIATION = Table(
    "an indicator and an outcome: how they go together",
    ("indicator", "outcome"),
    {
        "indicator": needed(TEXT, "The metric of behaviour"),
        "outcome": needed(TEXT, "The metric of result"),
        "n": needed(INT, "Conversations with both"),
        "agent_count": column(INT, "Agents among them"),
        "raw_effect": column(REAL, "Effect of one unit of the indicator, nothing adjusted for"),
        "raw_low": column(REAL, "Lower end of its 95 % interval"),
        "raw_high": column(REAL, "Upper end"),
        "effect": column(REAL, "The same within agents, adjusted for case mix, errors clustered by agent"),
        "effect_low": column(REAL, "Lower end of its 95 % interval"),
        "effect_high": column(REAL, "Upper end"),
        "effect_unit": column(TEXT, "The scale of the effects: log-odds, or the outcome's unit"),
        "p": column(REAL, "p-value of the adjusted effect"),
        "q": column(REAL, "The same after Benjamini-Hochberg over the whole table"),
        "adjusted_for": column(TEXT, "What was adjusted for, comma-separated"),
        "is_too_small": needed(YES, "Too small to tell"),
        "standard_unit": column(REAL, "One standard deviation of the indicator, for a comparable effect"),
        "sentence": column(TEXT, "The same in words"),
        "e_value": column(REAL, "How strongly something unseen would have to go with both to explain the effect away"),
        "e_value_limit": column(REAL, "The same for the nearer end of the interval; 1 where it includes no effect"),
        "e_sentence": column(TEXT, "The same in words"),
    },
)

ASSOCIATION_WEIGHTED = Table(
    "an indicator and a survey's answer, each answer weighted by how unlikely one was; else as in association, q too",
    ("indicator", "outcome"),
    ASSOCIATION.columns,
)

DOSE_RESPONSE = Table(
    "a band of an indicator's values and the mean outcome there, nothing adjusted for",
    ("indicator", "outcome", "bin"),
    {
        "indicator": needed(TEXT, "The metric of behaviour"),
        "outcome": needed(TEXT, "The metric of result"),
        "bin": needed(INT, "The band's number, from the lowest values"),
        "low": column(REAL, "Lowest value in the band"),
        "high": column(REAL, "Highest value in the band"),
        "n": needed(INT, "Conversations in the band with this outcome known"),
        "mean": column(REAL, "Mean outcome of these; the geometric mean of a time to resolution"),
        "mean_low": column(REAL, "Lower end of its 95 % interval"),
        "mean_high": column(REAL, "Upper end of its 95 % interval"),
    },
)

ESCALATION_CURVE = Table(
    "a moment of a Kaplan-Meier curve: the share escalated by then after the trigger",
    ("facet", "name", "seconds"),
    {
        "facet": needed(TEXT, "What curves are told apart by: all, team, channel or trigger"),
        "name": needed(TEXT, "Whose curve"),
        "seconds": needed(REAL, "Since the trigger"),
        "at_risk_count": needed(INT, "Neither escalated nor ended before"),
        "escalated_count": needed(INT, "Escalated by then"),
        "escalated_share": column(REAL, "Kaplan-Meier: those that ended unescalated are censored, never dropped"),
        "escalated_low": column(REAL, "Lower end of its 95 % interval"),
        "escalated_high": column(REAL, "Upper end"),
    },
)

OUTCOME_SLOPE = Table(
    "how an outcome goes with one fact of a conversation: a linear model within agents, for What changed",
    ("outcome", "part", "name", "value"),
    {
        "outcome": needed(TEXT, "The metric of result"),
        "part": needed(TEXT, "case mix, agents, behaviour or unexplained"),
        "name": needed(TEXT, "The fact: a column of conversation_wide_before"),
        "value": needed(TEXT, "Which of its values, for a fact in words; empty for a number"),
        "slope": needed(REAL, "Move of the outcome with this value, or with one unit of the number"),
        "slope_error": needed(REAL, "Its standard error; of unexplained, the spread of what nothing here explains"),
        "fill": column(REAL, "What a missing number counts as: the mean"),
    },
)

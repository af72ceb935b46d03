"""What the warehouse has of agents and teams."""

import polars as pl

from transforms.schema.table import ID, INT, REAL, TEXT, YES, Table, column, needed

AGENT_PART = Table(
    "an agent's part in a conversation on one day",
    ("conversation_id", "agent_id", "day"),
    {
        "conversation_id": ID,
        "agent_id": needed(TEXT, "The agent who spoke; the one in charge where the source does not say who"),
        "day": column(pl.Date(), "The day, by the calendar's time zone; null where the turns have no times"),
        "agent_turn_count": column(INT, "The agent's turns"),
        "timed_turn_count": column(INT, "Of these, those of which it is known whether they fell into the agreed hours"),
        "after_hours_turn_count": column(INT, "Of these, those outside the agreed hours"),
    },
)

AGENT_DAY = Table(
    "an agent's day",
    ("agent_id", "day"),
    {
        "agent_id": needed(TEXT, "The agent"),
        "day": needed(pl.Date(), "The day, by the calendar's time zone"),
        "team": column(TEXT, "The agent's team that day"),
        "conversation_count": column(INT, "Conversations begun that day"),
        "agent_turn_count": column(INT, "The agent's turns"),
        "rated_count": column(INT, "Conversations with a satisfaction answer"),
        "csat_mean": column(REAL, "Mean satisfaction of these, 1..5"),
        "resolution_known_count": column(INT, "Conversations whose resolution is known"),
        "resolved_count": column(INT, "Of these, resolved"),
        "commitment_count": column(INT, "Promises made"),
        "hard_conversation_count": column(INT, "Conversations with aggression or distress in 30 % of customer turns"),
        "hard_streak_count": column(INT, "Longest run of these with under 10 minutes between"),
        "after_hours_share": column(REAL, "Share of the agent's turns outside the agreed hours"),
    },
)

AGENT_METRIC = Table(
    "an agent's indicator over all their conversations; never a ranking",
    ("agent_id", "metric"),
    {
        "agent_id": needed(TEXT, "The agent"),
        "metric": needed(TEXT, "The indicator"),
        "n": needed(INT, "The agent's conversations with it"),
        "consistency": column(
            REAL,
            "Its standard deviation over them, over the mean of the same when conversations are dealt out among agents "
            "anew within topic and channel; null under 20 conversations",
        ),
    },
)

PEER = Table(
    "an agent or a team beside the others in one metric, over the last 91 days; never a ranking",
    ("level", "name", "metric"),
    {
        "level": needed(TEXT, "agent or team"),
        "name": needed(TEXT, "Which one"),
        "metric": needed(TEXT, "The indicator or outcome"),
        "n": needed(INT, "Conversations with it"),
        "mean": column(REAL, "Its mean over them"),
        "expected": column(REAL, "The mean that the same case mix gives over all"),
        "difference": column(REAL, "Observed less expected"),
        "pooled": column(REAL, "The difference drawn towards none, the more the less is known (partial pooling)"),
        "pooled_low": column(REAL, "Lower end of its 95 % interval"),
        "pooled_high": column(REAL, "Upper end"),
        "overall": column(REAL, "The mean over all: overall + difference is the mean adjusted for case mix"),
        "limit_95_low": column(REAL, "Funnel limits of 95 % for the adjusted mean at this n: lower"),
        "limit_95_high": column(REAL, "Upper"),
        "limit_998_low": column(REAL, "Funnel limits of 99.8 %: lower"),
        "limit_998_high": column(REAL, "Upper"),
        "differs": needed(
            YES, "It holds: beyond the 99.8 % limits, the pooled interval excludes none, n is 10 or more"
        ),
    },
)

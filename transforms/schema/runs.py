"""What the warehouse tells of the runs that made it."""

from transforms.schema.table import INT, TEXT, TIME, YES, Table, column, needed

REJECTED_RECORD = Table(
    "something that could not be read, and why",
    ("file", "place"),
    {
        "file": needed(TEXT, "The file, relative to the source that was named"),
        "place": needed(TEXT, "Where in it"),
        "reason": needed(TEXT, "What was found and what was expected"),
        "cure": needed(TEXT, "What to do"),
        "record_count": needed(INT, "How many records this refused"),
    },
)

QUALITY_CHECK = Table(
    "a check of a run",
    ("run_id", "suite", "table", "check"),
    {
        "run_id": needed(TEXT, "The run"),
        "suite": needed(TEXT, "incoming or published"),
        "check": needed(TEXT, "What was checked"),
        "table": needed(TEXT, "In which table"),
        "severity": needed(TEXT, "critical (keeps the warehouse of before) or warning"),
        "is_passed": needed(YES, "Whether it held"),
        "checked_count": column(INT, "Rows looked at"),
        "failed_count": column(INT, "Rows that failed"),
        "found": column(TEXT, "What was found, without a word of any conversation"),
        "checked_at": needed(TIME, "When, UTC"),
    },
)

RUN = Table(
    "a run",
    ("run_id",),
    {
        "run_id": needed(TEXT, "The run"),
        "started_at": needed(TIME, "When it started, UTC"),
        "as_of": needed(TIME, "The time by which promises and windows were judged, UTC"),
        "ended_at": column(TIME, "When it ended, UTC"),
        "given_count": needed(INT, "Records in the sources named"),
        "accepted_count": needed(INT, "Of these, accepted"),
        "rejected_count": needed(INT, "Of these, rejected"),
        "measured_conversation_count": needed(INT, "Conversations worked on in this run"),
        "versions": column(TEXT, "heard, polars and duckdb, as name=version, comma-separated"),
        "inputs": column(TEXT, "The sources named"),
    },
)

SCHEMA_VERSION = Table(
    "the version of these tables",
    ("version",),
    {"version": needed(TEXT, "Semantic version of the contract")},
)

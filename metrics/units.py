"""The units in which metrics are told."""

COUNT = "count"
SECONDS = "seconds"
TURNS = "agent turns"
SHARE = "share 0..1"
YES_NO = "yes/no"
PER_MINUTE = "per customer minute"
PER_100_TURNS = "per 100 agent turns"
WORDS_PER_MINUTE = "words per minute"
WORDS = "words"
RATING = "rating 1..5"
SCORE = "score"
CLASS = "class"
RATIO = "ratio"

MINUTE_MS = 60_000

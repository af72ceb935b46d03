"""The tables: what each row is, and for each column its type and meaning. Whoever uses them imports them from here.

From here come the checks on what readers give, the comments in DuckDB and docs/schema.md.
"""

from transforms.schema.agents import AGENT_DAY, AGENT_PART
from transforms.schema.conversations import COMMITMENT, CONVERSATION, EMPATHY_MOMENT, ESCALATION, MARKER, OUTCOME, TURN
from transforms.schema.given import CHANNELS, EVALUATION, FEEDBACK, INTERVALS, KINDS, LAKE, ROLES, SEGMENT, TRANSCRIPT
from transforms.schema.metrics import METRIC, SCORECARD_ITEM, SENSITIVITY, VALIDITY
from transforms.schema.relations import ASSOCIATION
from transforms.schema.runs import QUALITY_CHECK, REJECTED_RECORD, RUN
from transforms.schema.table import REAL, TIME, YES, Column, Table
from transforms.schema.warehouse import VERSION, WAREHOUSE

__all__ = [
    "AGENT_DAY",
    "AGENT_PART",
    "ASSOCIATION",
    "CHANNELS",
    "COMMITMENT",
    "CONVERSATION",
    "EMPATHY_MOMENT",
    "ESCALATION",
    "EVALUATION",
    "FEEDBACK",
    "INTERVALS",
    "KINDS",
    "LAKE",
    "MARKER",
    "METRIC",
    "OUTCOME",
    "QUALITY_CHECK",
    "REAL",
    "REJECTED_RECORD",
    "ROLES",
    "RUN",
    "SCORECARD_ITEM",
    "SEGMENT",
    "SENSITIVITY",
    "TIME",
    "TRANSCRIPT",
    "TURN",
    "VALIDITY",
    "VERSION",
    "WAREHOUSE",
    "YES",
    "Column",
    "Table",
]

"""What the warehouse holds. Times end in _at (UTC), numbers in their unit."""

from transforms.schema.agents import AGENT_DAY, AGENT_METRIC, AGENT_PART, PEER
from transforms.schema.conversations import COMMITMENT, CONVERSATION, EMPATHY_MOMENT, ESCALATION, MARKER, OUTCOME, TURN
from transforms.schema.given import EVALUATION
from transforms.schema.metrics import METRIC, SCORECARD_ITEM, SENSITIVITY, VALIDITY
from transforms.schema.relations import (
    ASSOCIATION,
    ASSOCIATION_WEIGHTED,
    DOSE_RESPONSE,
    ESCALATION_CURVE,
    OUTCOME_SLOPE,
)
from transforms.schema.runs import QUALITY_CHECK, REJECTED_RECORD, RUN, SCHEMA_VERSION

VERSION = "1.3.0"  # of the contract: the tables, their columns and what these mean

WAREHOUSE = {
    "conversation": CONVERSATION,
    "turn": TURN,
    "marker": MARKER,
    "metric": METRIC,
    "validity": VALIDITY,
    "sensitivity": SENSITIVITY,
    "outcome": OUTCOME,
    "evaluation": EVALUATION,
    "commitment": COMMITMENT,
    "escalation": ESCALATION,
    "empathy_moment": EMPATHY_MOMENT,
    "agent_part": AGENT_PART,
    "agent_day": AGENT_DAY,
    "agent_metric": AGENT_METRIC,
    "scorecard_item": SCORECARD_ITEM,
    "association": ASSOCIATION,
    "association_weighted": ASSOCIATION_WEIGHTED,
    "dose_response": DOSE_RESPONSE,
    "peer": PEER,
    "escalation_curve": ESCALATION_CURVE,
    "outcome_slope": OUTCOME_SLOPE,
    "rejected_record": REJECTED_RECORD,
    "quality_check": QUALITY_CHECK,
    "run": RUN,
    "schema_version": SCHEMA_VERSION,
}

"""Three conversations of an agent worth watching, each with the evidence that it was chosen by."""

from dashboard.estimates import Row
from dashboard.filters import Chosen
from dashboard.warehouse import query

Signs = dict[str, str]  # a condition on conversation_wide, and its words as SQL

BEST: Signs = {
    "csat >= 4": "'rated ' || round(csat, 1) || ' of 5'",
    "distress_turn_count > 0 AND missed_empathy_count = 0": "'every moment of distress answered'",
    "de_escalation > 0": "'the customer calmer at the end'",
    "was_resolved": "'resolved'",
    "commitment_kept_share = 1": "'every promise kept'",
    "had_follow_up": "'followed up'",
    "has_closing_summary": "'summed up at the end'",
}
HARDEST: Signs = {
    "aggression_turn_count > 0": "'aggressive turns: ' || aggression_turn_count",
    "distress_share >= 0.3": "'distress in ' || distress_turn_count || ' of ' || customer_turn_count || ' turns'",
    "repeated_complaint_count > 0": "'the same complaint again: ' || repeated_complaint_count",
    "escalation_request_count > 0": "'asked for a supervisor'",
    "csat <= 2": "'rated ' || round(csat, 1) || ' of 5'",
}
MOST_TO_LEARN: Signs = {
    "missed_empathy_count > 0": "'moments of distress left unanswered: ' || missed_empathy_count",
    "interruption_successful_count > 0": "'customer cut off: ' || interruption_successful_count",
    "bare_refusal_count > 0": "'refused without a reason: ' || bare_refusal_count",
    "defensive_count > 0": "'defensive turns: ' || defensive_count",
    "dismissive_count > 0": "'dismissive turns: ' || dismissive_count",
    "commitment_broken_count > 0": "'promises broken: ' || commitment_broken_count",
    "escalation_class = 'missed'": "'called for an escalation that never came'",
    "csat <= 2": "'rated ' || round(csat, 1) || ' of 5'",
}
KINDS = {"The best": BEST, "The hardest": HARDEST, "Most to learn from": MOST_TO_LEARN}


def worth_watching(chosen: Chosen) -> list[Row]:
    """Of each kind the conversation with the most signs (of equals with most distress, then the latest), none twice.

    Each with `why` it is there, `signs` in words, and the facts of a conversation; kinds without any sign are left out.
    """
    picked: list[Row] = []
    for why, signs in KINDS.items():
        found = query(_sql(chosen, signs), taken=[row["conversation_id"] for row in picked], **chosen.parameters)
        picked += [{"why": why, **row} for row in found.to_dicts()]
    return picked


def _sql(chosen: Chosen, signs: Signs) -> str:
    told = ", ".join(f"CASE WHEN {condition} THEN {words} END" for condition, words in signs.items())
    return f"""
    SELECT conversation_id, channel, language, team, agent_id, topic, started_at, duration_seconds, turn_count,
           was_resolved::DOUBLE AS was_resolved, csat, was_escalated::DOUBLE AS was_escalated,
           list_filter([{told}], lambda sign: sign IS NOT NULL) AS signs
    FROM conversation_wide WHERE {chosen.where} AND NOT list_contains($taken, conversation_id) AND len(signs) > 0
    ORDER BY len(signs) DESC, distress_turn_count DESC NULLS LAST, started_at DESC NULLS LAST, conversation_id
    LIMIT 1"""

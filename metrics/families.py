"""The families of metrics, in the order of the specification: importing them fills the catalogue."""

from importlib import import_module

FAMILIES = (
    "listening",
    "understanding",
    "empathy",
    "professionalism",
    "solution",
    "follow_through",
    "escalation",
    "state",
    "outcomes",
)
for family in FAMILIES:
    import_module(f"metrics.{family}")

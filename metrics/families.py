"""The modules of metrics, in the order of the specification: importing them fills the catalogue."""

from importlib import import_module

MODULES = (
    "listening.interruptions",
    "listening.floor",
    "listening.answers",
    "understanding",
    "empathy",
    "professionalism",
    "solution",
    "follow_through",
    "escalation",
    "state",
    "outcomes",
)
for module in MODULES:
    import_module(f"metrics.{module}")

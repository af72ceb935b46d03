"""Conversations in which one side of listening has nothing to be measured on."""

NOBODY_ANSWERS = """
    0.0-4.0   customer  I ordered it last week.
"""
WRITTEN = """
    10:00 customer  Where is my parcel?
    10:03 agent     Let me look.
"""

"""Listening: who lets whom speak, and how soon an answer comes."""

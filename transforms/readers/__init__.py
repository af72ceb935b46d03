"""Readers bring a format to three tables: transcript, segment and feedback."""

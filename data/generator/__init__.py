"""Writes data/sample: invented conversations of an invented company, with outcomes whose causes are known."""

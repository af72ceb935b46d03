"""How all tests run: an example may take its time, since a loaded machine says nothing about the code."""

from hypothesis import settings

settings.register_profile("heard", settings(), deadline=None)
settings.load_profile("heard")

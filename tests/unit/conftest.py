"""Settings of the tests that need no store."""

from hypothesis import settings

# How long an example takes says something about the machine's other work, not about the code.
settings.register_profile("jpa", deadline=None)
settings.load_profile("jpa")

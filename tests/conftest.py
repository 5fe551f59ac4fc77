"""What all tests share."""

from hypothesis import settings

# Hypothesis would fail an example that takes over 200 ms, which on a busy machine says nothing about the code.
settings.register_profile("betimes", deadline=None)
settings.load_profile("betimes")

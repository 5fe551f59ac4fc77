"""The part of implicit that Betimes uses."""

"""The part of scipy that Betimes uses."""

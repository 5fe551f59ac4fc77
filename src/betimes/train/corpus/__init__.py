"""Sentences with their meaning, in the form of ``docs/annotation.md``; one JSON object a line."""

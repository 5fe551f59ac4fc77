"""Betimes: recommendations that keep up with what people say and do."""

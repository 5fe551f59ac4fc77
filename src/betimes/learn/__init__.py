"""Ranking weights, learned online from what was shown and done."""

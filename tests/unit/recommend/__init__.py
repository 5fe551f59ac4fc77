"""Tests of the recommender, over a small shop in ``world.py``."""

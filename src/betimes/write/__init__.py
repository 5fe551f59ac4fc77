"""Picks to copy, every fact of it checked."""

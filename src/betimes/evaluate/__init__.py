"""Measurement: benchmarks and evaluation."""

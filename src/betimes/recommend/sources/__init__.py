"""Candidate sources, one file each, behind one protocol."""

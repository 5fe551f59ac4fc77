"""The composition root and the straight path."""

"""Real databases, servers, processes and models."""

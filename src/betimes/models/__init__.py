"""Language models and embedders behind their ports."""

"""Training: corpora for understanding and, later, the commands that train on them."""

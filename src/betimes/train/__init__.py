"""Training: corpora, the lessons made of them, and the adapters that learn them."""

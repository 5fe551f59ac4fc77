"""Models behind the ports: language models in process and on servers, embedders, and what guards them."""

from betimes.models.spec import embedder_from, model_from

__all__ = ["embedder_from", "model_from"]

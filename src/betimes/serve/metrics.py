"""What the service measures of itself, for Prometheus."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from betimes.domain.slate import Slate

_SECONDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


class Metrics:
    """The service's own registry, so that several apps can live in one process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Histogram(
            "betimes_request_seconds",
            "Time to answer, by route and status.",
            ("method", "route", "status"),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._steps = Histogram(
            "betimes_step_seconds",
            "Time of each step of the path, by outcome.",
            ("step", "outcome"),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._slates = Counter(
            "betimes_slates", "Slates shown, by whether they are empty.", ("empty",), registry=self.registry
        )
        self._position = Gauge("betimes_log_position", "Log position of the latest slate.", registry=self.registry)

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Counts one request."""
        self._requests.labels(method, route, str(status)).observe(seconds)

    def slate(self, slate: Slate) -> None:
        """Counts one slate and its steps."""
        self._slates.labels("yes" if slate.empty else "no").inc()
        self._position.set(slate.as_of)
        for step in slate.trace:
            self._steps.labels(step.name, step.outcome).observe(step.ms / 1e3)

    def page(self) -> bytes:
        """The metrics in Prometheus' text format."""
        return generate_latest(self.registry)

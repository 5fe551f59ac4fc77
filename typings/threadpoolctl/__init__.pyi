"""The part of threadpoolctl that Betimes uses."""

from contextlib import AbstractContextManager

def threadpool_limits(limits: int, user_api: str) -> AbstractContextManager[object]: ...

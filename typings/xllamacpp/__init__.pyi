from collections.abc import Callable, Mapping
from typing import Any

class _Model:
    path: str

class _Cpu:
    n_threads: int

class CommonAdapterLoraInfo:
    def __init__(self, path: str = ..., scale: float = ...) -> None: ...

class CommonParams:
    api_keys: list[str]
    cache_ram_mib: int
    cors_origins: str
    cpuparams: _Cpu
    cpuparams_batch: _Cpu
    endpoint_slots: bool
    lora_adapters: list[CommonAdapterLoraInfo]
    model: _Model
    n_batch: int
    n_ctx: int
    n_parallel: int
    port: int
    swa_full: bool
    ui: bool
    verbosity: int
    warmup: bool

class Server:
    listening_address: str
    def __init__(self, params: CommonParams) -> None: ...
    def handle_completions(
        self, prompt: Mapping[str, Any], callback: Callable[[dict[str, Any]], bool] = ...
    ) -> dict[str, Any] | None: ...

from collections.abc import Mapping, Sequence

class ArrowException(Exception): ...

class Schema:
    names: list[str]

class RecordBatch:
    def to_pylist(self) -> list[dict[str, object]]: ...

class Table:
    @classmethod
    def from_pylist(cls, mapping: Sequence[Mapping[str, object]]) -> Table: ...

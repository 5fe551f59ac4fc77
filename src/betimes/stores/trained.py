"""What was trained, in a database."""

from datetime import datetime

from sqlalchemy import bindparam, select, update

from betimes.domain.names import TrainedKind
from betimes.errors import NotFound
from betimes.ports import Trained
from betimes.stores.connection import Database, Lock
from betimes.stores.schema import trained as table

_OF_KIND = select(table.c.name, table.c.at, table.c.used).where(table.c.kind == bindparam("of"))
_IN_USE = select(table.c.kind, table.c.name, table.c.at).where(table.c.used)
_BODY = select(table.c.body).where(table.c.kind == bindparam("of"), table.c.name == bindparam("called"))


class SqlTrainedModels:
    """:class:`betimes.ports.TrainedModels` in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._upsert = database.upsert(table)

    def save(self, kind: TrainedKind, name: str, at: datetime, body: bytes) -> None:
        """Keeps what was trained, not in use, in place of what had its name."""
        row = {"kind": kind, "name": name, "at": at.isoformat(), "used": False, "body": body}
        with self._database.writing(Lock.TRAINED) as connection:
            connection.execute(self._upsert, row)

    def use(self, kind: TrainedKind, name: str | None) -> None:
        """Puts one of a kind to use in place of another, or none."""
        with self._database.writing(Lock.TRAINED) as connection:
            known = {row.name for row in connection.execute(_OF_KIND, {"of": kind})}
            if name is not None and name not in known:
                there = ", ".join(sorted(known)) or f"none yet: betimes train {kind} makes one"
                raise NotFound(f"there is no {kind} {name!r}; there are: {there}")
            connection.execute(update(table).where(table.c.kind == kind).values(used=table.c.name == name))

    def in_use(self) -> dict[TrainedKind, Trained]:
        """What is in use, by kind."""
        with self._database.reading() as connection:
            rows = connection.execute(_IN_USE).all()
        return {row.kind: Trained(row.name, datetime.fromisoformat(row.at), used=True) for row in rows}

    def body(self, kind: TrainedKind, name: str) -> bytes:
        """What was trained."""
        with self._database.reading() as connection:
            row = connection.execute(_BODY, {"of": kind, "called": name}).first()
        if row is None:
            raise NotFound(f"there is no {kind} {name!r}")
        return bytes(row.body)

    def listed(self, kind: TrainedKind) -> list[Trained]:
        """All of a kind, the latest first."""
        with self._database.reading() as connection:
            rows = connection.execute(_OF_KIND, {"of": kind}).all()
        found = [Trained(row.name, datetime.fromisoformat(row.at), bool(row.used)) for row in rows]
        return sorted(found, key=lambda one: (one.at, one.name), reverse=True)

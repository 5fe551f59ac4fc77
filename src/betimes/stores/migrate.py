"""Running the migrations. Apart, because alembic is slow to import and a database up to date needs none."""

from pathlib import Path

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext, MigrationStep, RevisionStep
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from betimes.errors import StoreTooNew

_FOLDER = Path(__file__).parent / "migrations"


def scripts() -> ScriptDirectory:
    """The migrations that this version of Betimes knows."""
    return ScriptDirectory(_FOLDER, version_locations=[_FOLDER])


def migrate(connection: Connection, revision: str | None, version_table: str, where: str) -> None:
    """Brings the tables from a revision, or from nothing, up to the newest, within the current transaction.

    Raises:
        StoreTooNew: the revision is not one that this version knows.
    """
    known = scripts()
    head = known.get_current_head()
    if revision is not None and revision not in {script.revision for script in known.walk_revisions()}:
        raise StoreTooNew(
            f"the database {where} has schema {revision}, and this Betimes knows up to {head}: "
            "upgrade Betimes (pip install -U betimes), or use another database"
        )

    def steps(heads: tuple[str, ...], _context: MigrationContext) -> list[RevisionStep]:
        newest_first = list(known.iterate_revisions("head", heads or "base"))
        return [MigrationStep.upgrade_from_script(known.revision_map, script) for script in reversed(newest_first)]

    context = MigrationContext.configure(connection, opts={"fn": steps, "version_table": version_table})
    with Operations.context(context):
        context.run_migrations()

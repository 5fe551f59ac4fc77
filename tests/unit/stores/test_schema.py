"""The migrations and the tables that the code speaks of are the same thing."""

import subprocess
import sys
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine

from betimes.stores import open_stores
from betimes.stores.migrate import scripts
from betimes.stores.schema import HEAD, metadata


def test_the_head_is_the_newest_migration() -> None:
    assert scripts().get_heads() == [HEAD]


def test_migrations_are_one_line_numbered_in_order() -> None:
    names = [script.revision for script in scripts().walk_revisions()][::-1]
    assert names == [f"{n:04d}" for n in range(1, len(names) + 1)]
    assert all(Path(script.path).name.startswith(script.revision) for script in scripts().walk_revisions())


def test_migrating_makes_the_tables_that_the_code_speaks_of(tmp_path: Path) -> None:
    open_stores(str(tmp_path / "shop.db")).close()
    engine = create_engine(f"sqlite:///{tmp_path / 'shop.db'}")
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"version_table": "betimes_version", "compare_type": True}
        )
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_a_database_that_is_up_to_date_opens_without_alembic(tmp_path: Path) -> None:
    opening = (
        "import sys; from betimes.stores import open_stores; open_stores(sys.argv[1]).close();"
        "sys.exit('alembic' in sys.modules)"
    )
    command = [sys.executable, "-c", opening, str(tmp_path / "shop.db")]
    assert subprocess.run(command, check=False).returncode == 1
    assert subprocess.run(command, check=False).returncode == 0


def test_tables_of_others_in_the_same_database_are_left_alone(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'shared.db'}"
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE alembic_version (version_num TEXT)")
        connection.exec_driver_sql("INSERT INTO alembic_version VALUES ('theirs')")
    for _ in range(2):
        open_stores(url).close()
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() == "theirs"
    engine.dispose()

"""A migrated database goes in; out comes one where the loader does its work, the analyst reads, and others do nothing.

Three roles, prefixed by the database's name. The **owner** is whoever migrates: it has the schema and is no superuser.
`<database>_loader` is what runs log in as: it writes rows, but neither changes the schema nor takes back what was
received; what needs more (partitions, retention) is done by functions of the owner. `<database>_analyst` reads `mart`,
`news`, `geo` and `ops`. Where the owner may not create roles the statements are told, for somebody who may.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import psycopg2.errors

from etl.warehouse.connect import Warehouse

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Roles:
    """The roles beside the owner."""

    loader: str  # what runs log in as
    analyst: str  # what questions log in as


def roles(db: Warehouse) -> Roles:
    """The roles that go with this database, there or not."""
    name = db.connection.info.dbname
    return Roles(loader=f"{name}_loader", analyst=f"{name}_analyst")


def settle(db: Warehouse, wanted: Roles | None = None, *, tell: Tell = lambda _: None) -> None:
    """Make the roles where that is allowed, say how where it is not, and grant what each may do. Safe to repeat."""
    wanted = wanted or roles(db)
    if missing := [r.role for r in db.rows("missing_roles", roles=[wanted.loader, wanted.analyst])]:
        _make(db, wanted, missing, tell)
    with db.transaction():
        db.run("grant_access", loader=wanted.loader, analyst=wanted.analyst)


def _make(db: Warehouse, wanted: Roles, missing: list[str], tell: Tell) -> None:
    statements = [r.statement for r in db.rows("role_statements", loader=wanted.loader, analyst=wanted.analyst)]
    try:
        with db.transaction(), db.connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
    except psycopg2.errors.InsufficientPrivilege:
        tell(f"{' and '.join(missing)} cannot be made by this login. The warehouse works without; to have runs and")
        tell("questions on logins of their own, an administrator runs this, sets passwords, and you migrate again:")
        for statement in statements:
            tell(f"    {statement};")
        return
    for role in missing:
        tell(f"role {role} was made; give it a password before it can log in (ALTER ROLE {role} PASSWORD '…')")

"""What was done to each plan version, and plans that pay only once they are adopted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from incentives.db import UtcDateTime

revision = "0010"
down_revision = "0009"

DEEDS = ("drafted", "rewritten", "submit", "send_back", "approve", "adopt", "withdraw")
TOLD = (
    "INSERT INTO plan_move (version_id, deed, at, actor_id, from_month, reason)"
    " SELECT id, 'drafted', drafted_at, drafted_by, from_month, '' FROM plan_version ORDER BY id",
    "INSERT INTO plan_move (version_id, deed, at, actor_id, from_month, reason)"
    " SELECT id, CASE state WHEN 'submitted' THEN 'submit' WHEN 'published' THEN 'approve' ELSE 'withdraw' END,"
    " decided_at, decided_by, from_month, '' FROM plan_version"
    " WHERE decided_at IS NOT NULL AND state IN ('submitted', 'published', 'withdrawn') ORDER BY id",
    # What paid before adoptions were recorded goes on paying; it has no adoption record, and none is invented.
    "UPDATE plan_version SET state = 'adopted' WHERE state = 'published'",
)
SQLITE = (
    "CREATE TRIGGER plan_move_stays BEFORE UPDATE ON plan_move BEGIN SELECT RAISE(ABORT, 'plan_move is append-only'); END",
    "CREATE TRIGGER plan_move_remains BEFORE DELETE ON plan_move BEGIN SELECT RAISE(ABORT, 'plan_move is append-only'); END",
)
POSTGRESQL = (
    "CREATE OR REPLACE FUNCTION plan_move_stays() RETURNS trigger AS $$"
    " BEGIN RAISE EXCEPTION 'plan_move is append-only'; END $$ LANGUAGE plpgsql",
    "CREATE TRIGGER plan_move_stays BEFORE UPDATE OR DELETE ON plan_move"
    " FOR EACH ROW EXECUTE FUNCTION plan_move_stays()",
)


def upgrade() -> None:
    op.create_table(
        "plan_move",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("deed", sa.Enum(*DEEDS, name="plandeed", native_enum=False, length=32), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("from_month", sa.String(7), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["employee.id"], name=op.f("fk_plan_move_actor_id")),
        sa.ForeignKeyConstraint(["version_id"], ["plan_version.id"], name=op.f("fk_plan_move_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_move")),
    )
    op.create_index("ix_plan_move_version", "plan_move", ["version_id"])
    guards = SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL
    for statement in (*TOLD, *guards):
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("what was adopted is not made changeable again")

"""What the check of a plan version found, and why its warnings are meant."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from incentives.db import UtcDateTime

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "plan_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("text_digest", sa.String(64), nullable=False, comment="of the text that was checked"),
        sa.Column("rules_digest", sa.String(64), nullable=False, comment="of the rule book by which it was checked"),
        sa.Column("checked_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("checked_by", sa.Integer(), nullable=True),
        sa.Column(
            "findings", sa.JSON(), nullable=False, comment="severity, path, row, sentence, case and reason of each"
        ),
        sa.ForeignKeyConstraint(["checked_by"], ["employee.id"], name=op.f("fk_plan_check_checked_by")),
        sa.ForeignKeyConstraint(["version_id"], ["plan_version.id"], name=op.f("fk_plan_check_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_check")),
    )
    op.create_index("ix_plan_check_version", "plan_check", ["version_id"])
    op.create_table(
        "finding_reason",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column(
            "finding", sa.String(64), nullable=False, comment="digest of the line, the sentence and the case"
        ),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("given_by", sa.Integer(), nullable=True),
        sa.Column("given_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["given_by"], ["employee.id"], name=op.f("fk_finding_reason_given_by")),
        sa.ForeignKeyConstraint(["version_id"], ["plan_version.id"], name=op.f("fk_finding_reason_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding_reason")),
        sa.UniqueConstraint("version_id", "finding", name=op.f("uq_finding_reason_version_id_finding")),
    )


def downgrade() -> None:
    op.drop_table("finding_reason")
    op.drop_table("plan_check")

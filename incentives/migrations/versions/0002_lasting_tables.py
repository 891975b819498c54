"""The lasting tables take no change and lose no row, and the trail has its head."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"

SQLITE = (
    "CREATE TRIGGER audit_entry_stays BEFORE UPDATE ON audit_entry BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END",
    "CREATE TRIGGER audit_entry_remains BEFORE DELETE ON audit_entry BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END",
    "CREATE TRIGGER money_line_stays BEFORE UPDATE ON money_line BEGIN SELECT RAISE(ABORT, 'money_line is append-only'); END",
    "CREATE TRIGGER money_line_remains BEFORE DELETE ON money_line BEGIN SELECT RAISE(ABORT, 'money_line is append-only'); END",
    "CREATE TRIGGER points_line_stays BEFORE UPDATE ON points_line BEGIN SELECT RAISE(ABORT, 'points_line is append-only'); END",
    "CREATE TRIGGER points_line_remains BEFORE DELETE ON points_line BEGIN SELECT RAISE(ABORT, 'points_line is append-only'); END",
    "CREATE TRIGGER standing_frozen_stays BEFORE UPDATE ON standing_frozen BEGIN SELECT RAISE(ABORT, 'standing_frozen is append-only'); END",
    "CREATE TRIGGER standing_frozen_remains BEFORE DELETE ON standing_frozen BEGIN SELECT RAISE(ABORT, 'standing_frozen is append-only'); END",
    "CREATE TRIGGER inspection_stays BEFORE UPDATE ON inspection BEGIN SELECT RAISE(ABORT, 'inspection is append-only'); END",
    "CREATE TRIGGER inspection_remains BEFORE DELETE ON inspection BEGIN SELECT RAISE(ABORT, 'inspection is append-only'); END",
    "CREATE TRIGGER inspection_answer_stays BEFORE UPDATE ON inspection_answer BEGIN SELECT RAISE(ABORT, 'inspection_answer is append-only'); END",
    "CREATE TRIGGER inspection_answer_remains BEFORE DELETE ON inspection_answer BEGIN SELECT RAISE(ABORT, 'inspection_answer is append-only'); END",
    "CREATE TRIGGER checklist_version_stays BEFORE UPDATE ON checklist_version BEGIN SELECT RAISE(ABORT, 'checklist_version is append-only'); END",
    "CREATE TRIGGER checklist_version_remains BEFORE DELETE ON checklist_version BEGIN SELECT RAISE(ABORT, 'checklist_version is append-only'); END",
    "CREATE TRIGGER checklist_item_stays BEFORE UPDATE ON checklist_item BEGIN SELECT RAISE(ABORT, 'checklist_item is append-only'); END",
    "CREATE TRIGGER checklist_item_remains BEFORE DELETE ON checklist_item BEGIN SELECT RAISE(ABORT, 'checklist_item is append-only'); END",
    "CREATE TRIGGER finding_event_stays BEFORE UPDATE ON finding_event BEGIN SELECT RAISE(ABORT, 'finding_event is append-only'); END",
    "CREATE TRIGGER finding_event_remains BEFORE DELETE ON finding_event BEGIN SELECT RAISE(ABORT, 'finding_event is append-only'); END",
)
POSTGRESQL = (
    "CREATE FUNCTION audit_entry_stays() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'the audit trail is append-only'; END $$ LANGUAGE plpgsql",
    'CREATE TRIGGER audit_entry_stays BEFORE UPDATE OR DELETE ON audit_entry FOR EACH ROW EXECUTE FUNCTION audit_entry_stays()',
    "CREATE OR REPLACE FUNCTION money_line_stays() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'money_line is append-only'; END $$ LANGUAGE plpgsql",
    'CREATE TRIGGER money_line_stays BEFORE UPDATE OR DELETE ON money_line FOR EACH ROW EXECUTE FUNCTION money_line_stays()',
    "CREATE OR REPLACE FUNCTION points_line_stays() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'points_line is append-only'; END $$ LANGUAGE plpgsql",
    'CREATE TRIGGER points_line_stays BEFORE UPDATE OR DELETE ON points_line FOR EACH ROW EXECUTE FUNCTION points_line_stays()',
    "CREATE OR REPLACE FUNCTION standing_frozen_stays() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'standing_frozen is append-only'; END $$ LANGUAGE plpgsql",
    'CREATE TRIGGER standing_frozen_stays BEFORE UPDATE OR DELETE ON standing_frozen FOR EACH ROW EXECUTE FUNCTION standing_frozen_stays()',
    "CREATE OR REPLACE FUNCTION inspection_stays() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'inspection is append-only'; END $$ LANGUAGE plpgsql",
    'CREATE TRIGGER inspection_stays BEFORE UPDATE OR DELETE ON inspection FOR EACH ROW EXECUTE FUNCTION inspection_stays()',
    "CREATE OR REPLACE FUNCTION inspection_answer_stays() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'inspection_answer is append-only'; END $$ LANGUAGE plpgsql",
    'CREATE TRIGGER inspection_answer_stays BEFORE UPDATE OR DELETE ON inspection_answer FOR EACH ROW EXECUTE FUNCTION inspection_answer_stays()',
    "CREATE OR REPLACE FUNCTION checklist_version_stays() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'checklist_version is append-only'; END $$ LANGUAGE plpgsql",
    'CREATE TRIGGER checklist_version_stays BEFORE UPDATE OR DELETE ON checklist_version FOR EACH ROW EXECUTE FUNCTION checklist_version_stays()',
    "CREATE OR REPLACE FUNCTION checklist_item_stays() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'checklist_item is append-only'; END $$ LANGUAGE plpgsql",
    'CREATE TRIGGER checklist_item_stays BEFORE UPDATE OR DELETE ON checklist_item FOR EACH ROW EXECUTE FUNCTION checklist_item_stays()',
    "CREATE OR REPLACE FUNCTION finding_event_stays() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'finding_event is append-only'; END $$ LANGUAGE plpgsql",
    'CREATE TRIGGER finding_event_stays BEFORE UPDATE OR DELETE ON finding_event FOR EACH ROW EXECUTE FUNCTION finding_event_stays()',
)
HEAD = "INSERT INTO audit_head (id, last, digest) VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000')"


def upgrade() -> None:
    statements = SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL
    for statement in (*statements, HEAD):
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("a ledger that was lasting is not made changeable again")

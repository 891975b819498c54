"""Adoption records, their evidence, acknowledgements and reminders; what was recorded lasts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'

LASTING = ("adoption", "adoption_file", "acknowledgement")


def _forbid_changes(table: str) -> tuple[str, ...]:
    refusal = f"'{table} is append-only'"
    stays = f"CREATE TRIGGER {table}_stays BEFORE UPDATE"
    if op.get_bind().dialect.name == "sqlite":
        return (
            f"{stays} ON {table} BEGIN SELECT RAISE(ABORT, {refusal}); END",
            f"CREATE TRIGGER {table}_remains BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, {refusal}); END",
        )
    return (
        f"CREATE OR REPLACE FUNCTION {table}_stays() RETURNS trigger AS $$"
        f" BEGIN RAISE EXCEPTION {refusal}; END $$ LANGUAGE plpgsql",
        f"{stays} OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_stays()",
    )


def upgrade() -> None:
    op.create_table('adoption',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('store_id', sa.Integer(), nullable=False),
    sa.Column('subject', sa.Enum('plan_version', 'reward_reason', name='subject', native_enum=False, length=32), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False, comment='1 for the first adoption of this subject, 2 after it changed …'),
    sa.Column('before_id', sa.Integer(), nullable=True, comment='what this one follows'),
    sa.Column('title', sa.JSON(), nullable=False, comment='a sentence'),
    sa.Column('rule', sa.JSON(), nullable=False, comment='sentences, as read aloud when adopted'),
    sa.Column('digest', sa.String(length=64), nullable=False, comment='SHA-256 of title and rule'),
    sa.Column('consulted', sa.Text(), nullable=False, comment='who was heard, by name'),
    sa.Column('way', sa.Enum('meeting', 'union', 'notice', name='way', native_enum=False, length=32), nullable=False),
    sa.Column('consulted_on', sa.Date(), nullable=False),
    sa.Column('published_on', sa.Date(), nullable=False),
    sa.Column('published_where', sa.String(length=200), nullable=False),
    sa.Column('counts_from', sa.Date(), nullable=False),
    sa.Column('recorded_by', sa.Integer(), nullable=True),
    sa.Column('recorded_on', sa.Date(), nullable=False, comment="the store's day"),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("consulted <> '' AND published_where <> ''", name=op.f('ck_adoption_says_who_and_where')),
    sa.CheckConstraint('consulted_on <= published_on', name=op.f('ck_adoption_heard_before_published')),
    sa.CheckConstraint('number >= 1', name=op.f('ck_adoption_counts_from_one')),
    sa.CheckConstraint('published_on <= counts_from AND recorded_on <= counts_from', name=op.f('ck_adoption_never_backdated')),
    sa.ForeignKeyConstraint(['before_id'], ['adoption.id'], name=op.f('fk_adoption_before_id')),
    sa.ForeignKeyConstraint(['recorded_by'], ['employee.id'], name=op.f('fk_adoption_recorded_by')),
    sa.ForeignKeyConstraint(['store_id'], ['store.id'], name=op.f('fk_adoption_store_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_adoption')),
    sa.UniqueConstraint('store_id', 'subject', 'subject_id', 'number', name=op.f('uq_adoption_store_id_subject_subject_id_number'))
    )
    with op.batch_alter_table('adoption', schema=None) as batch_op:
        batch_op.create_index('ix_adoption_subject', ['subject', 'subject_id'], unique=False)

    op.create_table('acknowledgement',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('adoption_id', sa.Integer(), nullable=False),
    sa.Column('employee_id', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['adoption_id'], ['adoption.id'], name=op.f('fk_acknowledgement_adoption_id')),
    sa.ForeignKeyConstraint(['employee_id'], ['employee.id'], name=op.f('fk_acknowledgement_employee_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_acknowledgement')),
    sa.UniqueConstraint('adoption_id', 'employee_id', name=op.f('uq_acknowledgement_adoption_id_employee_id'))
    )
    with op.batch_alter_table('acknowledgement', schema=None) as batch_op:
        batch_op.create_index('ix_acknowledgement_employee', ['employee_id'], unique=False)

    op.create_table('acknowledgement_reminder',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('adoption_id', sa.Integer(), nullable=False),
    sa.Column('employee_id', sa.Integer(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('reminded_by', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['adoption_id'], ['adoption.id'], name=op.f('fk_acknowledgement_reminder_adoption_id')),
    sa.ForeignKeyConstraint(['employee_id'], ['employee.id'], name=op.f('fk_acknowledgement_reminder_employee_id')),
    sa.ForeignKeyConstraint(['reminded_by'], ['employee.id'], name=op.f('fk_acknowledgement_reminder_reminded_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_acknowledgement_reminder')),
    sa.UniqueConstraint('adoption_id', 'employee_id', 'day', name=op.f('uq_acknowledgement_reminder_adoption_id_employee_id_day'))
    )
    op.create_table('adoption_file',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('adoption_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('picture', 'pdf', name='filekind', native_enum=False, length=32), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False, comment='as it was sent; shown, never used as a path'),
    sa.Column('stored_as', sa.String(length=200), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False, comment='bytes'),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('added_by', sa.Integer(), nullable=True),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['added_by'], ['employee.id'], name=op.f('fk_adoption_file_added_by')),
    sa.ForeignKeyConstraint(['adoption_id'], ['adoption.id'], name=op.f('fk_adoption_file_adoption_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_adoption_file'))
    )
    with op.batch_alter_table('adoption_file', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_adoption_file_adoption_id'), ['adoption_id'], unique=False)

    for table in LASTING:
        for statement in _forbid_changes(table):
            op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("an adoption that was recorded is not made changeable again")

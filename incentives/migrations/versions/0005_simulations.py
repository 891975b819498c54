"""Drafts replayed over past months, and what came out of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from incentives.db import MoneyType, MonthType, UtcDateTime

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table('simulation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('group_id', sa.Integer(), nullable=False),
    sa.Column('store_id', sa.Integer(), nullable=True, comment="none: the whole group's"),
    sa.Column('code', sa.String(length=60), nullable=False, comment='of the plan, as the text says it'),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('name_en', sa.String(length=100), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('text_digest', sa.String(length=64), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=True, comment='none: a text of no version'),
    sa.Column('from_month', MonthType(length=7), nullable=False, comment='when the text would begin to hold'),
    sa.Column('first_month', MonthType(length=7), nullable=False),
    sa.Column('last_month', MonthType(length=7), nullable=False),
    sa.Column('positions', sa.JSON(), nullable=False, comment='whom it pays; empty: as the plan is assigned'),
    sa.Column('replaces', sa.JSON(), nullable=False, comment='codes of the plans in whose place it stands'),
    sa.Column('state', sa.Enum('waiting', 'running', 'done', 'failed', 'cancelled', name='simulationstate', native_enum=False, length=32), nullable=False),
    sa.Column('job_id', sa.Integer(), nullable=True),
    sa.Column('maker_id', sa.Integer(), nullable=False),
    sa.Column('maker_name', sa.String(length=60), nullable=False),
    sa.Column('created_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('facts_as_of', UtcDateTime(timezone=True), nullable=True, comment='when the first facts were read'),
    sa.Column('finished_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('stores_total', sa.Integer(), nullable=False),
    sa.Column('stores_done', sa.Integer(), nullable=False),
    sa.Column('summary', sa.JSON(none_as_null=True), nullable=True, comment='figures of the whole'),
    sa.Column('refusal', sa.JSON(none_as_null=True), nullable=True, comment='a sentence, if it failed'),
    sa.CheckConstraint('last_month >= first_month', name=op.f('ck_simulation_ends_after_start')),
    sa.ForeignKeyConstraint(['group_id'], ['group.id'], name=op.f('fk_simulation_group_id')),
    sa.ForeignKeyConstraint(['job_id'], ['job.id'], name=op.f('fk_simulation_job_id')),
    sa.ForeignKeyConstraint(['maker_id'], ['employee.id'], name=op.f('fk_simulation_maker_id')),
    sa.ForeignKeyConstraint(['store_id'], ['store.id'], name=op.f('fk_simulation_store_id')),
    sa.ForeignKeyConstraint(['version_id'], ['plan_version.id'], name=op.f('fk_simulation_version_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_simulation'))
    )
    op.create_index('ix_simulation_store', 'simulation', ['group_id', 'store_id', 'created_at'], unique=False)
    op.create_index('ix_simulation_text', 'simulation', ['text_digest'], unique=False)
    op.create_table('simulated_month',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('simulation_id', sa.Integer(), nullable=False),
    sa.Column('store_id', sa.Integer(), nullable=False),
    sa.Column('month', MonthType(length=7), nullable=False),
    sa.Column('worked_out', sa.Boolean(), nullable=False, comment='no: the month is in none of the figures, the problems say why'),
    sa.Column('people', sa.Integer(), nullable=False),
    sa.Column('left_out', sa.Integer(), nullable=False, comment='people for whom a figure is missing'),
    sa.Column('before_fen', MoneyType(), nullable=False),
    sa.Column('after_fen', MoneyType(), nullable=False),
    sa.Column('kept_fen', MoneyType(), nullable=False, comment='what was approved and paid then'),
    sa.Column('missing', sa.JSON(), nullable=False, comment='pairs of a sentence and how many people wait for it'),
    sa.Column('problems', sa.JSON(), nullable=False, comment='sentences: why the month could not be worked out'),
    sa.ForeignKeyConstraint(['simulation_id'], ['simulation.id'], name=op.f('fk_simulated_month_simulation_id')),
    sa.ForeignKeyConstraint(['store_id'], ['store.id'], name=op.f('fk_simulated_month_store_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_simulated_month')),
    sa.UniqueConstraint('simulation_id', 'store_id', 'month', name=op.f('uq_simulated_month_simulation_id_store_id_month'))
    )
    op.create_table('simulated_pay',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('simulation_id', sa.Integer(), nullable=False),
    sa.Column('store_id', sa.Integer(), nullable=False),
    sa.Column('employee_id', sa.Integer(), nullable=False),
    sa.Column('month', MonthType(length=7), nullable=False),
    sa.Column('position_id', sa.Integer(), nullable=False),
    sa.Column('service', sa.Enum('under_1', 'from_1', 'from_3', 'from_5', 'from_10', name='service', native_enum=False, length=32), nullable=False),
    sa.Column('before_fen', MoneyType(), nullable=False),
    sa.Column('after_fen', MoneyType(), nullable=False),
    sa.Column('kept_fen', MoneyType(), nullable=False),
    sa.Column('missing', sa.Boolean(), nullable=False, comment='a figure is missing on one side: not compared'),
    sa.ForeignKeyConstraint(['employee_id'], ['employee.id'], name=op.f('fk_simulated_pay_employee_id')),
    sa.ForeignKeyConstraint(['position_id'], ['position.id'], name=op.f('fk_simulated_pay_position_id')),
    sa.ForeignKeyConstraint(['simulation_id'], ['simulation.id'], name=op.f('fk_simulated_pay_simulation_id')),
    sa.ForeignKeyConstraint(['store_id'], ['store.id'], name=op.f('fk_simulated_pay_store_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_simulated_pay')),
    sa.UniqueConstraint('simulation_id', 'store_id', 'employee_id', 'month', name=op.f('uq_simulated_pay_simulation_id_store_id_employee_id_month'))
    )
    op.create_index('ix_simulated_pay_groups', 'simulated_pay', ['simulation_id', 'position_id'], unique=False)
    op.create_table('simulated_person',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('simulation_id', sa.Integer(), nullable=False),
    sa.Column('store_id', sa.Integer(), nullable=False),
    sa.Column('employee_id', sa.Integer(), nullable=False),
    sa.Column('position_id', sa.Integer(), nullable=False, comment='in the last of the months'),
    sa.Column('months', sa.Integer(), nullable=False, comment='that were compared'),
    sa.Column('left_out', sa.Integer(), nullable=False, comment='months for which a figure is missing'),
    sa.Column('before_fen', MoneyType(), nullable=False),
    sa.Column('after_fen', MoneyType(), nullable=False),
    sa.Column('change_fen', MoneyType(), nullable=False),
    sa.Column('band', sa.Integer(), nullable=False, comment='core.simulation.change_band; 0 also where nothing was compared'),
    sa.ForeignKeyConstraint(['employee_id'], ['employee.id'], name=op.f('fk_simulated_person_employee_id')),
    sa.ForeignKeyConstraint(['position_id'], ['position.id'], name=op.f('fk_simulated_person_position_id')),
    sa.ForeignKeyConstraint(['simulation_id'], ['simulation.id'], name=op.f('fk_simulated_person_simulation_id')),
    sa.ForeignKeyConstraint(['store_id'], ['store.id'], name=op.f('fk_simulated_person_store_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_simulated_person')),
    sa.UniqueConstraint('simulation_id', 'store_id', 'employee_id', name=op.f('uq_simulated_person_simulation_id_store_id_employee_id'))
    )
    op.create_index('ix_simulated_person_change', 'simulated_person', ['simulation_id', 'change_fen'], unique=False)


def downgrade() -> None:
    for table in ("simulated_person", "simulated_pay", "simulated_month", "simulation"):
        op.drop_table(table)

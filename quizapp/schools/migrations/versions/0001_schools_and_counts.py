"""Schools, and the counters of their habits."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "schools",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("town", sa.String(200), nullable=False),
        sa.Column("languages", sa.String(200), nullable=False),
        sa.Column("key_hash", sa.String(64), nullable=False),
        sa.Column("made", sa.Date, nullable=False),
        sa.Column("blocked", sa.Boolean, nullable=False, server_default=sa.false()),
    )
    op.create_table(
        "counts",
        sa.Column("school", sa.String(16), sa.ForeignKey("schools.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("lang", sa.String(16), primary_key=True),
        sa.Column("habit", sa.String(64), primary_key=True),
        sa.Column("open_quizzes", sa.Integer, nullable=False),
        sa.Column("open_needs", sa.Integer, nullable=False),
        sa.Column("closed_quizzes", sa.Integer, nullable=False),
        sa.Column("closed_needs", sa.Integer, nullable=False),
    )

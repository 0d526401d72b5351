"""A contact that the operator has checked; quizzes of a burst from one network are counted apart."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("schools", sa.Column("contact", sa.String(200), nullable=False, server_default=""))
    # The key of a table changes, which SQLite cannot do in place.
    op.rename_table("counts", "counts_before")
    op.create_table(
        "counts",
        sa.Column("school", sa.String(16), sa.ForeignKey("schools.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("lang", sa.String(16), primary_key=True),
        sa.Column("apart", sa.Boolean, primary_key=True),
        sa.Column("habit", sa.String(64), primary_key=True),
        sa.Column("open_quizzes", sa.Integer, nullable=False),
        sa.Column("open_needs", sa.Integer, nullable=False),
        sa.Column("closed_quizzes", sa.Integer, nullable=False),
        sa.Column("closed_needs", sa.Integer, nullable=False),
    )
    columns = "habit, open_quizzes, open_needs, closed_quizzes, closed_needs"
    op.execute(
        f"INSERT INTO counts (school, lang, apart, {columns})"  # noqa: S608 - nothing in it comes from outside
        f" SELECT school, lang, false, {columns} FROM counts_before"
    )
    op.drop_table("counts_before")

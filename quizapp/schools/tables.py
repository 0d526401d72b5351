"""The two tables: schools, and their counters. There is no row for a visitor, and no date of any visit."""

from sqlalchemy import Boolean, Column, Date, ForeignKey, Integer, MetaData, String, Table, false

metadata = MetaData()

schools = Table(
    "schools",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("town", String(200), nullable=False),
    # Codes, separated by spaces, in the order in which the school named them.
    Column("languages", String(200), nullable=False),
    # SHA-256 of the key for totals, which nobody has but the school.
    Column("key_hash", String(64), nullable=False),
    Column("made", Date, nullable=False),
    Column("blocked", Boolean, nullable=False, server_default=false()),
    # Where families can ask the school; only an operator who checked it adds one.
    Column("contact", String(200), nullable=False, server_default=""),
)

# Of each habit: quizzes and needs of the batch that is still open, and of all batches that are closed.
counts = Table(
    "counts",
    metadata,
    Column("school", ForeignKey("schools.id", ondelete="CASCADE"), primary_key=True),
    Column("lang", String(16), primary_key=True),
    # Of a burst from one network: not shown until the operator has looked.
    Column("apart", Boolean, primary_key=True),
    Column("habit", String(64), primary_key=True),
    Column("open_quizzes", Integer, nullable=False),
    Column("open_needs", Integer, nullable=False),
    Column("closed_quizzes", Integer, nullable=False),
    Column("closed_needs", Integer, nullable=False),
)

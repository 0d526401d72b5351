"""What Alembic runs for each upgrade. It gets the connection, inside a transaction, from quizapp.schools.database."""

from alembic import context

from quizapp.schools.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()

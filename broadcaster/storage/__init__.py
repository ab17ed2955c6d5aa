"""The log book: SQLAlchemy over SQLite or PostgreSQL, schema by Alembic."""

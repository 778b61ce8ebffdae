"""The shop kept in our own tables, on SQLite or PostgreSQL."""

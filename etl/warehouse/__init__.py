"""The only room that talks to Postgres: connect, migrate, named queries, read, write, checks."""

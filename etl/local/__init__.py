"""The embedded default: PostgreSQL from a wheel and an Airflow home, there while somebody uses them."""

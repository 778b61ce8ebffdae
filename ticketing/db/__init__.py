from ticketing.db.migrate import migrate

__all__ = ["migrate"]

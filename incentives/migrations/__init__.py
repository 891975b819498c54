"""The database's history: numbered steps along one line, never edited once they have been released."""

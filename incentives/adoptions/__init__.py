"""When a rule was made known and to whom: adoption records, and the acknowledgement of each person concerned."""

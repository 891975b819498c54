"""Files in and out: readers, headings, the import engine and the jobs that do long work."""

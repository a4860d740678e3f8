"""Reports as text and JSON: one format, one file, one pure function."""

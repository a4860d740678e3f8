"""The edge: arguments, files, clock, environment, streams, exit codes."""

"""The author's API, loading, the engine, and the process that other people's policies run in."""

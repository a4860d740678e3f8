"""Running Checkov beside the engine, in an environment and a process of its own."""

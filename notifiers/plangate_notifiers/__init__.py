"""The channels that ship with plangate, one file or folder each; the entry points in pyproject.toml list them."""

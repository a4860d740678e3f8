"""Where a run takes place: what CI services say of themselves in variables, what git says in files."""

"""Makes realistic plan documents of any size for measuring; see `generate.py` beside this folder."""

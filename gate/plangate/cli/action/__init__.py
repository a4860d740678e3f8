"""The step of the GitHub Action: inputs from the environment, one run of `check` or `merge`, what a job shows of it.

Started as `python -I -m plangate.cli.action`, so that neither the checkout nor PYTHONPATH says what is imported.
"""

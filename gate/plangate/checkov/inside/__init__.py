"""What runs in Checkov's environment: nothing in this folder imports the rest of plangate.

The only names it knows are Checkov's own, of the pinned version, and the standard library's.
"""

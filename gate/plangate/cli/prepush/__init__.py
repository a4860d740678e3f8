"""`plangate pre-push`: judge before a push what it changes, by the plans that are there, or by plans made for it."""

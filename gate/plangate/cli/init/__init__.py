"""`plangate init PLACE`: the files of examples/ci/, written where their place looks for them."""

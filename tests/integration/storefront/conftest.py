from tests.till import fake, stand_in  # noqa: F401  (fixtures)

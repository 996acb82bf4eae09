"""The Nonces port in a dictionary, for tests of what stands on it; tests/storage/test_nonces.py keeps it honest."""


class FakeNonces:
    """What may be used once, in one process."""

    def __init__(self):
        self.spent = {}

    def spend(self, huella, now_utc, until_utc):
        if huella in self.spent:
            return False
        self.spent = {each: until for each, until in self.spent.items() if until >= now_utc} | {huella: until_utc}
        return True

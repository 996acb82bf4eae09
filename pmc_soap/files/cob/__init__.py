"""The COB: what PMC says it collected. Its tables of fields, reading it (with every problem told), writing it."""

"""The FAC: what an empresa reports to PMC. Its tables of fields, reading it (with every problem told), writing it."""

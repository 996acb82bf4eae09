"""How the schema came to be, one revision a file. Revisions stay as they were released."""

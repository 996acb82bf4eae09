"""What the gateway does, one verb a file; the ports say what it needs of the world."""

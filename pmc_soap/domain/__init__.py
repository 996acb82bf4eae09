"""What is true, with or without computers. Knows nothing else of the house."""

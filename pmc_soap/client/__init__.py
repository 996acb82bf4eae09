"""The client of our own contract, over zeep: for testers, the demo and the homologation."""
